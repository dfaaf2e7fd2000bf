package dev.freshet.log.feedlog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in the feed log: everything up to and including {@code seq} has been seen. Opaque to clients. Its text is
 * one word of letters, digits and a hyphen, valid as an SSE {@code id:}, in a JSON string and in a query.
 *
 * @param epoch the history of the log that the position belongs to, 0 to 2^32
 * @param seq the last seq seen, 0 for none
 */
public record Cursor(long epoch, long seq) {

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,9})-([0-9]{1,18})");

    /** Parses a cursor of this program; returns null for any other text. */
    @JsonCreator
    public static @Nullable Cursor parse(String text) {
        var matcher = TEXT.matcher(text);
        return matcher.matches()
                ? new Cursor(Long.parseLong(matcher.group(1), 16), Long.parseLong(matcher.group(2)))
                : null;
    }

    @Override
    @JsonValue
    public String toString() {
        return Long.toHexString(epoch) + '-' + seq;
    }
}
