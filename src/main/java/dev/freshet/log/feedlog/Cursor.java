package dev.freshet.log.feedlog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in the feed log: everything up to and including {@code seq} has been seen. Opaque to clients; its text is
 * one word of letters, digits and a hyphen, and so fits an SSE {@code id:}, a JSON string and a query alike.
 *
 * @param epoch the history of the log that the position belongs to, 0 to 2^32
 * @param seq the last seq seen, from 0 (nothing)
 */
public record Cursor(long epoch, long seq) {

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,9})-([0-9]{1,18})");

    /** Reads a cursor that this program wrote, or gives null for any other text. */
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
