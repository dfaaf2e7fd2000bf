package dev.freshet.content.format;

/** A non-blank line of an NDJSON body; {@code number} counts all lines from 1. */
sealed interface NdjsonLine {

    int number();

    /** The bytes of a line without line ending and byte order mark. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Text(int number, byte[] bytes) implements NdjsonLine {}

    /** A line that exceeds the limit and was skipped. */
    record TooLong(int number) implements NdjsonLine {}
}
