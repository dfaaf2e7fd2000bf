package dev.freshet;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A piece of text that begins with a sentence: a paragraph, a list item, a table cell or the text of a Javadoc tag.
 *
 * @param place the file and line
 * @param text the words; code is one word that begins with a backtick
 */
record Prose(String place, String text) {

    private static final Pattern OPENING = Pattern.compile(
            "[(\"“']*(What|Who|Whom|Whose|Where|How|That which|Those|Of)\\b.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ARCHAISM = Pattern.compile(
            "\\b(told|tells|lets|hears?|heard|anew|beneath|thus|thereby|whom|whoever|somebody|at hand|stands for"
                    + "|by itself|by themselves|gives up|given up|takes along|looks after|to be had|once more)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?][)\"”]?)\\s+(?=[^\\p{Ll}])");

    /** Returns the sentences that open with a pronoun or with "of", each with its place. */
    Stream<String> riddles() {
        return sentences()
                .filter(sentence -> OPENING.matcher(sentence).matches())
                .map(sentence -> place + ": opens with a question word or \"of\": " + sentence);
    }

    /** Returns the sentences with a word that a trade word replaces, each with its place. */
    Stream<String> archaisms() {
        return sentences()
                .filter(sentence -> ARCHAISM.matcher(sentence).find())
                .map(sentence -> place + ": has a word without a meaning in the trade: " + sentence);
    }

    /** Returns the sentences of more words than the limit, each with its place. */
    Stream<String> longerThan(int maxWords) {
        return sentences()
                .filter(sentence -> words(sentence) > maxWords)
                .map(sentence -> place + ": has " + words(sentence) + " words: " + sentence);
    }

    List<String> all() {
        return sentences().toList();
    }

    private Stream<String> sentences() {
        return SENTENCE_END.splitAsStream(text.strip().replaceAll("\\s+", " ")).filter(sentence -> !sentence.isEmpty());
    }

    private static long words(String sentence) {
        return Stream.of(sentence.split(" "))
                .filter(word -> word.codePoints().anyMatch(Character::isLetterOrDigit))
                .count();
    }
}
