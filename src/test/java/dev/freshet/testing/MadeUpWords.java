package dev.freshet.testing;

import java.util.Random;

/** Words of letters alone, for texts of any length. */
public final class MadeUpWords {

    private static final String CONSONANTS = "bdfgklmnprstvz";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();

    private MadeUpWords() {}

    /** Returns the word of a number; other numbers have other words. */
    public static String of(int number) {
        var word = new StringBuilder();
        var rest = number;
        do {
            var syllable = rest % SYLLABLES;
            word.append(CONSONANTS.charAt(syllable / VOWELS.length()))
                    .append(VOWELS.charAt(syllable % VOWELS.length()));
            rest /= SYLLABLES;
        } while (rest > 0);
        return word.append('x').toString();
    }

    /**
     * Returns a random number of a word. Small numbers are frequent.
     *
     * @param vocabulary the number of words
     */
    public static int random(Random random, int vocabulary) {
        return (int) (vocabulary * Math.pow(random.nextDouble(), 3));
    }
}
