package dev.freshet.content.article;

import java.util.regex.Pattern;

/**
 * Makes emphasis beside punctuation work in languages without spaces between words. CommonMark closes {@code **…。**} only
 * before a space or punctuation, so an invisible letter is put between the two while the text is parsed.
 */
final class CjkEmphasis {

    // A character of the private use area, which is no punctuation to the parser.
    private static final String LETTER = "\uF8FD";
    private static final String CJK = "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}ー]";
    private static final String PUNCTUATION = "[\\p{P}\\p{S}&&[^*\\\\]]";
    private static final Pattern OPENING = pattern(CJK, PUNCTUATION);
    private static final Pattern CLOSING = pattern(PUNCTUATION, CJK);

    private CjkEmphasis() {}

    static String mark(String markdown) {
        if (markdown.indexOf('*') < 0) {
            return markdown;
        }
        var opened = OPENING.matcher(markdown).replaceAll("$1" + LETTER);
        return CLOSING.matcher(opened).replaceAll(LETTER + "$1");
    }

    /** Finds asterisks first, since only few characters are asterisks, but each could be CJK or punctuation. */
    private static Pattern pattern(String before, String after) {
        return Pattern.compile("(?=\\*)(?<=" + before + ")(\\*{1,3})(?=" + after + ")");
    }

    static String unmark(String html) {
        return html.replace(LETTER, "");
    }
}
