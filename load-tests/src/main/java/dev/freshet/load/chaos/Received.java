package dev.freshet.load.chaos;

/** The notices that a reader received from its streams, in order. */
sealed interface Received {

    Position at();

    /** A change of an article. */
    record Change(Position at, String type, String article) implements Received {}

    /** A reset: events may be missing before this position. */
    record Reset(Position at, String reason) implements Received {}
}
