package dev.freshet.search;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Divides a normalised text into units. The default word boundaries of Unicode (UAX 29) would need a correction for each
 * connector, such as in {@code node.js}, {@code e-mail} and {@code l'eau}. So a word is a run of letters, marks and digits,
 * and the connectors are decided here. Dictionaries of ICU divide the scripts that have no spaces; see {@link Runs}.
 */
final class Splitter {

    /** Longer words are cut. */
    static final int MAX_WORD_LENGTH = 64;

    private static final int MAX_JOINED_PARTS = 4;

    private final String text;
    private int at;

    private Splitter(String text) {
        this.text = text;
    }

    /** Receives a unit with its place in the text. */
    interface Receiver {

        void accept(Unit unit, int start, int end);
    }

    /** Passes the units of a normalised text on, in order. */
    static void split(String text, Consumer<Unit> units) {
        splitWithPlaces(text, (unit, start, end) -> units.accept(unit));
    }

    /** Passes the units of a normalised text on with their places, in order. */
    static void splitWithPlaces(String text, Receiver units) {
        new Splitter(text).run(units);
    }

    static List<Unit> units(String text) {
        var units = new ArrayList<Unit>();
        split(text, units::add);
        return units;
    }

    private void run(Receiver units) {
        while (at < text.length()) {
            var c = text.codePointAt(at);
            var start = at;
            if (Runs.isInRun(c)) {
                skip(Runs.isOfSameRun(c));
                units.accept(Runs.run(text.substring(start, at)), start, at);
            } else if (isWord(c) || isDotOfName()) {
                units.accept(compound(), start, at);
            } else {
                at += Character.charCount(c);
                if (isEmoji(c)) {
                    units.accept(new Unit.Compound(List.of(Character.toString(c)), null), start, at);
                }
            }
        }
    }

    private void skip(IntPredicate included) {
        while (at < text.length() && included.test(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
    }

    private void skipWord() {
        while (at < text.length()) {
            var c = text.codePointAt(at);
            if (!isWord(c)) {
                return;
            }
            at += Character.charCount(c);
        }
    }

    private Unit compound() {
        var parts = new ArrayList<String>(1);
        parts.add(word());
        while (isConnector()) {
            skip(c -> c == '_');
            if (!isWordAt(at)) {
                at++;
            }
            parts.add(word());
        }
        return new Unit.Compound(List.copyOf(parts), joined(parts));
    }

    private static @Nullable String joined(List<String> parts) {
        if (parts.size() == 1 || parts.size() > MAX_JOINED_PARTS) {
            return null;
        }
        var joined = String.join("", parts).replace("'", "");
        return joined.length() > MAX_WORD_LENGTH ? null : joined;
    }

    private String word() {
        var start = at;
        if (text.charAt(at) == '.') {
            at++;
        }
        skipWord();
        while (continuesWord()) {
            at++;
            skipWord();
        }
        addMarksOfLanguages(start);
        // Between Hebrew letters, this mark shows an abbreviation.
        var word = text.substring(start, at).replace("\"", "");
        return word.length() <= MAX_WORD_LENGTH
                ? word
                : word.substring(0, word.offsetByCodePoints(0, word.codePointCount(0, MAX_WORD_LENGTH) - 1));
    }

    /** Returns whether the next character belongs to the word before it and the word after it. */
    private boolean continuesWord() {
        return switch (charAt(at)) {
            case '\'' -> isLetterAt(at - 1) && isLetterAt(at + 1);
            case '"' -> isHebrewAt(at - 1) && isHebrewAt(at + 1);
            case '.', ',' -> isDigitAt(at - 1) && isDigitAt(at + 1);
            default -> false;
        };
    }

    /** C++, C#. */
    private void addMarksOfLanguages(int start) {
        if (text.startsWith("++", at) && !isWordAt(at + 2) && charAt(at + 2) != '+') {
            at += 2;
        } else if (charAt(at) == '#' && at == start + 1 && isLetterAt(start) && !isWordAt(at + 1)) {
            at++;
        }
    }

    private boolean isConnector() {
        return switch (charAt(at)) {
            case '-', '.', '&' -> isWordAt(at + 1);
            case '_' -> {
                var next = at;
                while (charAt(next) == '_') {
                    next++;
                }
                yield isWordAt(next);
            }
            default -> false;
        };
    }

    /** Returns whether here is the dot of a name such as {@code .net}. */
    private boolean isDotOfName() {
        return charAt(at) == '.'
                && isLetterAt(at + 1)
                && isWordAt(at + 1)
                && (at == 0 || (charAt(at - 1) != '.' && !isWordAt(at - 1)));
    }

    /** Returns the char at an index; U+0000 outside of the text. */
    private char charAt(int index) {
        return index >= 0 && index < text.length() ? text.charAt(index) : 0;
    }

    private boolean isWordAt(int index) {
        return index >= 0 && index < text.length() && isWord(text.codePointAt(index));
    }

    private boolean isLetterAt(int index) {
        return isWordAt(index) && !isDigitAt(index);
    }

    private boolean isDigitAt(int index) {
        return charAt(index) >= '0' && charAt(index) <= '9';
    }

    private boolean isHebrewAt(int index) {
        return charAt(index) >= '\u05D0' && charAt(index) <= '\u05EA';
    }

    /** Returns whether a character is a letter, mark or digit of a script with spaces. */
    private static boolean isWord(int c) {
        if (c < 0x80) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER -> !Runs.isInRun(c);
            default -> false;
        };
    }

    private static boolean isEmoji(int c) {
        return Character.isEmojiPresentation(c);
    }
}
