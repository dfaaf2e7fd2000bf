package dev.freshet.search;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The prefixes and plural endings of Hebrew, which Snowball lacks. A prefix can also be the first letter of a word. So an
 * article has all readings, and a search only removes the article "the" and the plural.
 */
final class HebrewStemmer implements StemLanguage.Stemmer {

    private static final String PREFIXES = "ושהבכלמ";
    private static final int MAX_PREFIXES = 3;
    private static final int MIN_STEM_LENGTH = 2;
    private static final int MIN_SINGULAR_LENGTH = 3;
    private static final List<String> PLURALS = List.of("ים", "ות");
    private static final String FINAL_LETTERS = "ךםןףץ";
    private static final String LETTERS = "כמנפצ";

    @Override
    public List<String> ofArticle(String word) {
        var stems = new LinkedHashSet<String>();
        for (var prefixes = 0; prefixes <= MAX_PREFIXES; prefixes++) {
            if (word.length() - prefixes < MIN_STEM_LENGTH) {
                break;
            }
            addSingular(word.substring(prefixes), stems);
            if (PREFIXES.indexOf(word.charAt(prefixes)) < 0) {
                break;
            }
        }
        return List.copyOf(stems);
    }

    @Override
    public List<String> ofSearch(String word) {
        var stems = new LinkedHashSet<String>();
        addSingular(word, stems);
        if (word.startsWith("ה") && word.length() > MIN_SINGULAR_LENGTH) {
            addSingular(word.substring(1), stems);
        }
        return List.copyOf(stems);
    }

    private static void addSingular(String word, Set<String> stems) {
        stems.add(withoutFinalLetters(word));
        for (var plural : PLURALS) {
            if (word.endsWith(plural) && word.length() - plural.length() >= MIN_SINGULAR_LENGTH - 1) {
                stems.add(withoutFinalLetters(word.substring(0, word.length() - plural.length())));
            }
        }
        // The singular of many words in -ot ends in this letter.
        if (word.endsWith("ה") && word.length() > MIN_SINGULAR_LENGTH) {
            stems.add(word.substring(0, word.length() - 1));
        }
    }

    /** Replaces the letters that have another form at the end of a word. */
    private static String withoutFinalLetters(String word) {
        var result = new StringBuilder(word);
        for (var i = 0; i < result.length(); i++) {
            var letter = FINAL_LETTERS.indexOf(result.charAt(i));
            if (letter >= 0) {
                result.setCharAt(i, LETTERS.charAt(letter));
            }
        }
        return result.toString();
    }
}
