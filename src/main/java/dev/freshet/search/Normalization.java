package dev.freshet.search;

import com.ibm.icu.text.Normalizer2;

/** Brings texts into the form that all words are compared in. */
final class Normalization {

    private static final Normalizer2 FOLDING = Normalizer2.getNFKCCasefoldInstance();
    private static final char[] ASCII_DIGITS = "0123456789".toCharArray();

    private Normalization() {}

    /**
     * Returns the beginning of a text without differences that no reader searches for: case, compatibility characters
     * (NFKC), typographic apostrophes and hyphens, digits of other scripts, and optional marks of vowels.
     *
     * @param maxLength the maximum length of the text, and of the result, in chars. Folding can lengthen a text 18-fold
     */
    static String of(String text, int maxLength) {
        var folded = FOLDING.normalize(beginning(text, maxLength));
        var result = new StringBuilder(Math.min(folded.length(), maxLength));
        for (var i = 0; i < folded.length() && result.length() < maxLength; ) {
            var c = folded.codePointAt(i);
            i += Character.charCount(c);
            append(c, result);
        }
        return result.toString();
    }

    private static String beginning(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength);
    }

    private static void append(int c, StringBuilder result) {
        if (c < 0x80) {
            result.append((char) c);
            return;
        }
        switch (c) {
            case '\u2018', '\u2019', '\u201B', '\u02BC', '\u02B9', '\u2032', '\u05F3' -> result.append('\'');
            case '\u05F4' -> result.append('"');
            // Folding divides the Turkish capital I with a dot.
            case '\u0307' -> appendDot(result);
            // Hyphens, not dashes.
            case '\u2010', '\u2011', '\u05BE', '\u1400' -> result.append('-');
            // Thai and Lao: folding divides this vowel, which the dictionaries contain as one.
            case '\u0E32', '\u0EB2' -> appendVowel(c, result);
            default -> {
                if (Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER) {
                    result.append(ASCII_DIGITS[Character.digit(c, 10)]);
                } else if (!isOptionalMark(c)) {
                    result.appendCodePoint(c);
                }
            }
        }
    }

    private static void appendDot(StringBuilder result) {
        if (result.isEmpty() || result.charAt(result.length() - 1) != 'i') {
            result.append('\u0307');
        }
    }

    private static void appendVowel(int vowel, StringBuilder result) {
        var last = result.length() - 1;
        if (last >= 0 && result.charAt(last) == (vowel == '\u0E32' ? '\u0E4D' : '\u0ECD')) {
            result.setCharAt(last, (char) (vowel + 1));
        } else {
            result.append((char) vowel);
        }
    }

    /** Points of Hebrew, vowel marks of Arabic, and the Arabic stretching character. */
    private static boolean isOptionalMark(int c) {
        return (c >= 0x0591 && c <= 0x05C7 && Character.getType(c) == Character.NON_SPACING_MARK)
                || (c >= 0x064B && c <= 0x0652)
                || c == 0x0670
                || c == 0x0640;
    }
}
