package dev.freshet.search;

import java.util.HashMap;
import java.util.Map;

/** Reads the text form of PostgreSQL's type {@code tsvector}, such as {@code 'don''t':1A,7 'maison':2}. For one use. */
final class VectorReader {

    private final String text;
    private int at;

    VectorReader(String text) {
        this.text = text;
    }

    Map<String, Positions> read() {
        var lexemes = new HashMap<String, Positions>();
        while (at < text.length()) {
            var lexeme = lexeme();
            lexemes.put(lexeme, positions());
            // The space.
            at++;
        }
        return lexemes;
    }

    /** Reads a lexeme in quotes. Quotes and backslashes in it are doubled. */
    private String lexeme() {
        at++;
        var lexeme = new StringBuilder();
        while (text.charAt(at) != '\'' || isQuote(at + 1)) {
            var c = text.charAt(at++);
            lexeme.append(c);
            if (c == '\'' || c == '\\') {
                at++;
            }
        }
        at++;
        return lexeme.toString();
    }

    private boolean isQuote(int index) {
        return index < text.length() && text.charAt(index) == '\'';
    }

    private Positions positions() {
        var positions = new Positions();
        while (at < text.length() && text.charAt(at) != ' ') {
            // The colon or the comma.
            at++;
            var position = 0;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                position = position * 10 + text.charAt(at++) - '0';
            }
            positions.add(position, weight());
        }
        return positions;
    }

    private int weight() {
        var weight = at < text.length() ? Positions.WEIGHTS.indexOf(text.charAt(at)) : -1;
        if (weight < 0) {
            return 0;
        }
        at++;
        return weight;
    }
}
