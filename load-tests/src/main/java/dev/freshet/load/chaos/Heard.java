package dev.freshet.load.chaos;

/** What a reader's streams told it, in the order in which it came. */
sealed interface Heard {

    Position at();

    /** A change of an article. */
    record Change(Position at, String type, String article) implements Heard {}

    /** That something may be missing before this position. */
    record Reset(Position at, String reason) implements Heard {}
}
