package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** The requested start of a stream or of a subscription. */
public sealed interface StartPosition {

    /** After a position that this server gave out. */
    record AfterCursor(Cursor cursor) implements StartPosition {}

    /** With the first event at or after a time. */
    record AtTime(Instant time) implements StartPosition {}

    /** With the oldest event in the log. */
    record Earliest() implements StartPosition {}

    /** With the next event from now on. */
    record Latest() implements StartPosition {}

    /** A cursor of an unknown form: the stream begins at the tail, with a reset. */
    record UnknownCursor() implements StartPosition {}

    /** Earlier than any event, and still a date of the database. */
    Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    /**
     * Reads the start of a stream from the first of these that the request has. The last event id of a reconnect wins
     * over the start that the client once asked for.
     *
     * @param header {@code Last-Event-ID}, which a browser sends when it reconnects
     * @param lastEventId the parameter by which scripts replace the header
     * @param cursor a cursor
     * @param since a cursor, an instant (ISO 8601), a duration before now (ISO 8601), {@code earliest} or {@code latest}
     */
    static StartPosition parse(@Nullable String header, String lastEventId, String cursor, String since, Instant now) {
        var last = header == null || header.isBlank() ? lastEventId : header;
        if (!last.isBlank()) {
            var seen = Cursor.parse(last.strip());
            // No error status: a browser would never reconnect. The stream begins with a reset.
            return seen == null ? new UnknownCursor() : new AfterCursor(seen);
        }
        if (!cursor.isBlank()) {
            var given = Cursor.parse(cursor);
            if (given == null) {
                throw Problem.INVALID_CURSOR.because("cursor is invalid. Use a cursor from a response of this server.");
            }
            return new AfterCursor(given);
        }
        return parse(since, now);
    }

    /**
     * Reads a start in the form of {@code since}; blank means {@code latest}. Throws {@link Problem#INVALID_CURSOR}.
     *
     * @param since a cursor, an instant (ISO 8601), a duration before now (ISO 8601), {@code earliest} or {@code latest}
     */
    static StartPosition parse(String since, Instant now) {
        if (since.isBlank() || since.equals("latest")) {
            return new Latest();
        }
        if (since.equals("earliest")) {
            return new Earliest();
        }
        var cursor = Cursor.parse(since);
        if (cursor != null) {
            return new AfterCursor(cursor);
        }
        try {
            var time = since.startsWith("P")
                    ? now.minus(Duration.parse(since))
                    : OffsetDateTime.parse(since.replace(' ', '+')).toInstant();
            // The database has no dates before the year 1, and the log has no events from the future.
            return time.isBefore(FIRST) ? new Earliest() : time.isAfter(now) ? new Latest() : new AtTime(time);
        } catch (DateTimeException | ArithmeticException e) {
            throw Problem.INVALID_CURSOR.because("since must be a cursor, an instant, a duration, earliest or latest.");
        }
    }
}
