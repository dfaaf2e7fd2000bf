package dev.freshet.content.intake;

/** A line of an NDJSON body that is not blank; {@code number} counts all lines from 1. */
sealed interface NdjsonLine {

    int number();

    /** The line's bytes without its end, and without a byte order mark. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Text(int number, byte[] bytes) implements NdjsonLine {}

    /** A line over the limit, which was skipped. */
    record TooLong(int number) implements NdjsonLine {}
}
