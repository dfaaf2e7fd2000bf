package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The strong entity tag of a page (RFC 9110, section 8.8.3). It contains the position of the read, the renderer and the
 * encoding, so that the validity of a client's page follows from its tag.
 *
 * @param renderer the representation and the build of this program
 */
record PageTag(Cursor readAt, String renderer, boolean compressed) {

    private static final Pattern TEXT = Pattern.compile("\"([0-9a-f-]+)\\.([0-9a-z-]+)(\\.gzip)?\"");

    /** Parses a tag of this program with its quotes; returns null for any other text. */
    static @Nullable PageTag parse(String text) {
        var matcher = TEXT.matcher(text);
        var readAt = matcher.matches() ? Cursor.parse(matcher.group(1)) : null;
        return readAt == null ? null : new PageTag(readAt, matcher.group(2), matcher.group(3) != null);
    }

    /** Returns the value of the header, with quotes. */
    @Override
    public String toString() {
        return "\"" + readAt + "." + renderer + (compressed ? ".gzip\"" : "\"");
    }
}
