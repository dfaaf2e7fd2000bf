package dev.freshet.search;

import java.util.List;

/** The text of lexemes. */
final class Lexeme {

    private Lexeme() {}

    /** Returns the lexeme of two neighbours in a run. */
    static String neighbours(List<String> characters, int first, boolean hasDictionary) {
        var pair = characters.get(first) + characters.get(first + 1);
        return hasDictionary ? WordForms.STEM + pair : pair;
    }

    /** Returns a lexeme as PostgreSQL reads it. */
    static String quoted(String lexeme) {
        var text = new StringBuilder(lexeme.length() + 2);
        appendQuoted(lexeme, text);
        return text.toString();
    }

    /** Appends a lexeme as PostgreSQL reads it. */
    static void appendQuoted(String lexeme, StringBuilder text) {
        text.append('\'');
        if (lexeme.indexOf('\'') < 0 && lexeme.indexOf('\\') < 0) {
            text.append(lexeme);
        } else {
            text.append(lexeme.replace("\\", "\\\\").replace("'", "''"));
        }
        text.append('\'');
    }

    /** Returns a lexeme without the prefix of its kind. */
    static String word(String lexeme) {
        return lexeme.substring(prefixLength(lexeme));
    }

    /** Returns the prefix of the kind of a lexeme; empty for a word as it is written. */
    static String prefix(String lexeme) {
        return lexeme.substring(0, prefixLength(lexeme));
    }

    private static int prefixLength(String lexeme) {
        var stem = lexeme.indexOf(WordForms.STEM);
        return stem >= 0 ? stem + 1 : lexeme.startsWith(WordForms.PLAIN) ? 1 : 0;
    }
}
