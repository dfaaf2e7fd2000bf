package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Where a client wants a stream to begin. */
sealed interface Since {

    /** After a position that this server gave out. */
    record At(Cursor cursor) implements Since {}

    /** With the first event at or after a time. */
    record From(Instant time) implements Since {}

    /** With the first event that is kept. */
    record Earliest() implements Since {}

    /** With what happens from now on. */
    record Latest() implements Since {}

    /** With what this server can't tell: a cursor of an unknown form. */
    record Unknown() implements Since {}

    /** Before anything that a log could hold. */
    Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    /**
     * Reads the parameter: a cursor, an instant (ISO 8601), a duration before now (ISO 8601), {@code earliest} or
     * {@code latest}.
     *
     * @param lastEventId the header, which a browser sends when it reconnects; it goes before the parameter
     */
    static Since parse(@Nullable String lastEventId, @Nullable String since, Instant now) {
        if (lastEventId != null && !lastEventId.isBlank()) {
            var cursor = Cursor.parse(lastEventId.strip());
            // No error: a browser would never come back. It is told in the stream.
            return cursor == null ? new Unknown() : new At(cursor);
        }
        if (since == null || since.isBlank() || since.equals("latest")) {
            return new Latest();
        }
        if (since.equals("earliest")) {
            return new Earliest();
        }
        var cursor = Cursor.parse(since);
        if (cursor != null) {
            return new At(cursor);
        }
        try {
            var time = since.startsWith("P")
                    ? now.minus(Duration.parse(since))
                    : OffsetDateTime.parse(since.replace(' ', '+')).toInstant();
            // The log can't be asked for a time that its database has no date for, and holds none from the future.
            return time.isBefore(FIRST) ? new Earliest() : time.isAfter(now) ? new Latest() : new From(time);
        } catch (DateTimeException | ArithmeticException e) {
            throw Problem.INVALID_CURSOR.because(
                    "since is neither a cursor nor an instant, a duration, earliest or latest.");
        }
    }
}
