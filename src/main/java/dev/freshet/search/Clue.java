package dev.freshet.search;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A part of a search by which an index finds it: a document that matches has one of the clues of the search.
 *
 * @param word a lexeme without the prefix of its kind, or the beginning of one
 * @param kinds the prefixes of kinds, of which the lexeme has any
 */
record Clue(String word, Set<String> kinds, boolean isPrefix) {

    private static final int FIRST_IDEOGRAPH = 0x2E80;
    private static final int LETTERS_PER_IDEOGRAPH = 3;

    /** Returns whether only stems have it. */
    boolean isStem() {
        return kinds.stream().allMatch(kind -> kind.indexOf(WordForms.STEM) >= 0);
    }

    /** Returns the clues that the fewest documents have, as their lengths suggest. */
    static List<Clue> rarest(List<List<Clue>> each) {
        return each.stream().max(Comparator.comparingInt(Clue::rarity)).orElseThrow();
    }

    /** A word is about as rare as it is written. Its stem by the rules of some language may be much shorter. */
    private static int rarity(List<Clue> clues) {
        return clues.stream().mapToInt(Clue::rarity).max().orElse(0);
    }

    private int rarity() {
        var letters = word.codePoints()
                .map(c -> c < FIRST_IDEOGRAPH ? 1 : LETTERS_PER_IDEOGRAPH)
                .sum();
        return isPrefix ? letters / 2 : letters;
    }
}
