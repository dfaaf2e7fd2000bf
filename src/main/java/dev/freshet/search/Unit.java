package dev.freshet.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a text without spaces. */
sealed interface Unit {

    /** Returns the number of positions that the unit takes. */
    int width();

    /**
     * Words that hyphens and the like connect, often only one. Each has a position.
     *
     * @param parts the words; may contain apostrophes, and begin or end with the marks of {@code .net} and {@code c++}
     * @param joined all parts as one word; null for a single part, and for many
     */
    record Compound(List<String> parts, @Nullable String joined) implements Unit {

        @Override
        public int width() {
            return parts.size();
        }
    }

    /**
     * Characters of a script that writes no spaces between words, or whose words vary at the end (Korean). Each has a
     * position.
     *
     * @param characters with their marks
     * @param words the words by a dictionary; empty for a script whose neighbours are searched for instead
     */
    record Run(List<String> characters, List<DictionaryWord> words) implements Unit {

        @Override
        public int width() {
            return characters.size();
        }
    }

    /**
     * A word in a run.
     *
     * @param offset the index of its first character
     * @param width the number of its characters
     */
    record DictionaryWord(String text, int offset, int width) {}
}
