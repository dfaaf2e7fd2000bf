package dev.freshet.search;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Runs of scripts that are not searched by spaces. Chinese, Japanese and Korean runs are searched by neighbours, since a
 * dictionary divides the same word differently in different sentences. Thai, Lao, Khmer and Burmese runs are divided by
 * dictionary.
 */
final class Runs {

    private static final char LONG_VOWEL = '\u30FC';
    private static final int MIN_LOANWORD_LENGTH = 3;

    private Runs() {}

    /** The scripts of runs. A run has one of them. */
    private enum Kind {
        /** Han and kana, which Japanese mixes. */
        HAN,
        HANGUL,
        DICTIONARY,
        NONE
    }

    private static Kind kind(int c) {
        if (c < 0x0E00) {
            return Kind.NONE;
        }
        if (c == LONG_VOWEL) {
            return Kind.HAN;
        }
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, BOPOMOFO -> isLetterOrMark(c) ? Kind.HAN : Kind.NONE;
            case HANGUL -> isLetterOrMark(c) ? Kind.HANGUL : Kind.NONE;
            case THAI, LAO, KHMER, MYANMAR -> isLetterOrMark(c) ? Kind.DICTIONARY : Kind.NONE;
            default -> Kind.NONE;
        };
    }

    private static boolean isLetterOrMark(int c) {
        return Character.isLetter(c) || isMark(c) || Character.getType(c) == Character.LETTER_NUMBER;
    }

    static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    /** Returns whether a character belongs to a run. */
    static boolean isInRun(int c) {
        return kind(c) != Kind.NONE;
    }

    /** Returns whether others are in the same run as a character. */
    static IntPredicate isOfSameRun(int c) {
        var kind = kind(c);
        return other -> kind(other) == kind;
    }

    static Unit run(String text) {
        var characters = characters(text);
        var words =
                kind(text.codePointAt(0)) == Kind.DICTIONARY ? words(text, characters) : List.<Unit.DictionaryWord>of();
        return new Unit.Run(characters, words);
    }

    /** Divides a run into characters with their marks. */
    private static List<String> characters(String text) {
        var characters = new ArrayList<String>();
        var loanword = 0;
        for (var at = 0; at < text.length(); ) {
            var start = at;
            at += Character.charCount(text.codePointAt(at));
            while (at < text.length() && isMark(text.codePointAt(at)) && at - start < Splitter.MAX_WORD_LENGTH) {
                at += Character.charCount(text.codePointAt(at));
            }
            var isKatakana = isKatakanaAt(text, start);
            // The long vowel at the end of a loanword is optional.
            if (text.charAt(start) == LONG_VOWEL && loanword >= MIN_LOANWORD_LENGTH && !isKatakanaAt(text, at)) {
                loanword = 0;
                continue;
            }
            loanword = isKatakana ? loanword + 1 : 0;
            characters.add(text.substring(start, at));
        }
        return List.copyOf(characters);
    }

    private static boolean isKatakanaAt(String text, int index) {
        return index < text.length()
                && (text.charAt(index) == LONG_VOWEL
                        || Character.UnicodeScript.of(text.codePointAt(index)) == Character.UnicodeScript.KATAKANA);
    }

    private static List<Unit.DictionaryWord> words(String text, List<String> characters) {
        var breaks = Dictionaries.WORDS.clone();
        breaks.setText(text);
        var words = new ArrayList<Unit.DictionaryWord>();
        var start = 0;
        var first = 0;
        var end = 0;
        for (var next = 1; next <= characters.size(); next++) {
            end += characters.get(next - 1).length();
            // A word never ends within a character.
            if (breaks.isBoundary(end)) {
                words.add(new Unit.DictionaryWord(cut(text.substring(start, end)), first, next - first));
                start = end;
                first = next;
            }
        }
        return List.copyOf(words);
    }

    /** Loads the dictionaries from files, on first use. */
    private static final class Dictionaries {

        /** Not thread-safe, so each use clones it. */
        static final BreakIterator WORDS = BreakIterator.getWordInstance(ULocale.ROOT);
    }

    private static String cut(String word) {
        return word.length() <= Splitter.MAX_WORD_LENGTH ? word : word.substring(0, Splitter.MAX_WORD_LENGTH);
    }
}
