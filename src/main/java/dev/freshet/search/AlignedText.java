package dev.freshet.search;

import java.util.Arrays;

/** A normalised text that knows where its characters are in the original. */
final class AlignedText {

    private final String normalized;
    // By index in the normalised text, with the end of the original as the last one.
    private final int[] origins;

    private AlignedText(String normalized, int[] origins) {
        this.normalized = normalized;
        this.origins = origins;
    }

    static AlignedText of(String original) {
        var normalized = new StringBuilder(original.length());
        var origins = new int[original.length() + 1];
        for (var at = 0; at < original.length(); ) {
            var end = endOfCharacter(original, at);
            var before = normalized.length();
            normalized.append(normal(original, at, end));
            if (normalized.length() >= origins.length) {
                origins = Arrays.copyOf(origins, 2 * normalized.length());
            }
            Arrays.fill(origins, before, normalized.length(), at);
            at = end;
        }
        origins[normalized.length()] = original.length();
        return new AlignedText(normalized.toString(), origins);
    }

    private static String normal(String text, int start, int end) {
        var first = text.charAt(start);
        return end == start + 1 && first < 0x80
                ? String.valueOf(Character.toLowerCase(first))
                : Normalization.of(text.substring(start, end), Splitter.MAX_WORD_LENGTH);
    }

    /** Returns the end of a character with its marks. */
    private static int endOfCharacter(String text, int start) {
        var end = start + Character.charCount(text.codePointAt(start));
        while (end < text.length() && Runs.isMark(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    String normalized() {
        return normalized;
    }

    /** Returns the index in the original of an index in the normalised text. */
    int origin(int index) {
        return origins[index];
    }
}
