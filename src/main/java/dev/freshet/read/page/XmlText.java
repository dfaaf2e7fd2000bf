package dev.freshet.read.page;

import java.util.regex.Pattern;

/** Text for XML documents. */
public final class XmlText {

    private static final Pattern FORBIDDEN =
            Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    private XmlText() {}

    /** Removes the characters that XML 1.0 forbids even when escaped. */
    public static String of(String text) {
        return FORBIDDEN.matcher(text).replaceAll("");
    }
}
