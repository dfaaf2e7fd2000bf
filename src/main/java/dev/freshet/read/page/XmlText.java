package dev.freshet.read.page;

import java.util.regex.Pattern;

/** Text as XML can hold it. */
public final class XmlText {

    private static final Pattern FORBIDDEN =
            Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    private XmlText() {}

    /** The text without the characters that no XML 1.0 document may have, whatever their escape. */
    public static String of(String text) {
        return FORBIDDEN.matcher(text).replaceAll("");
    }
}
