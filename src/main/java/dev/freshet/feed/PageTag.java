package dev.freshet.feed;

import dev.freshet.feedlog.Cursor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The entity tag of a page (RFC 9110, section 8.8.3), strong: it names the position that the page was read at, what
 * rendered it, and the encoding. So whether a page that a client holds is still valid can be told from its tag.
 *
 * @param form what rendered it: the representation and the build of this program
 */
record PageTag(Cursor readAt, String form, boolean compressed) {

    private static final Pattern TEXT = Pattern.compile("\"([0-9a-f-]+)\\.([0-9a-z-]+)(\\.gzip)?\"");

    /** Reads a tag that this program wrote, quotes included, or gives null for any other text. */
    static @Nullable PageTag parse(String text) {
        var matcher = TEXT.matcher(text);
        var readAt = matcher.matches() ? Cursor.parse(matcher.group(1)) : null;
        return readAt == null ? null : new PageTag(readAt, matcher.group(2), matcher.group(3) != null);
    }

    /** As a header carries it, quotes included. */
    @Override
    public String toString() {
        return "\"" + readAt + "." + form + (compressed ? ".gzip\"" : "\"");
    }
}
