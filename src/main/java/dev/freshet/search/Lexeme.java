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
        return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
