package dev.freshet.search;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.util.ULocale;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The words of an article at their positions. It is bounded, whatever the text: by the beginning of each text, by {@link
 * #MAX_POSITION} and by {@link #MAX_SIZE}. Words beyond are not found. Immutable.
 */
public final class SearchDocument {

    /** The maximum chars of a text that are searched. */
    public static final int MAX_TEXT_LENGTH = 100_000;

    /** The highest position; PostgreSQL puts all words from 16,383 on at the same position. */
    static final int MAX_POSITION = 16_382;

    /** The maximum positions of a lexeme; PostgreSQL stores 255. */
    private static final int MAX_POSITIONS_PER_LEXEME = 255;

    /** The maximum size as a {@code tsvector} in bytes, below the 1 MB of PostgreSQL. */
    private static final int MAX_SIZE = 900_000;

    /** The memory of a map's entry, with a string and its positions. */
    private static final int BYTES_PER_LEXEME = 140;

    private final Map<String, Positions> lexemes;

    private SearchDocument(Map<String, Positions> lexemes) {
        this.lexemes = lexemes;
    }

    /**
     * Analyses an article, for some milliseconds if it is long.
     *
     * @param language a BCP 47 tag
     */
    public static SearchDocument of(String title, String summary, String body, String language) {
        var builder = new Builder(language);
        builder.add(title, Positions.TITLE);
        builder.add(summary, Positions.SUMMARY);
        builder.add(body, Positions.BODY);
        return new SearchDocument(builder.lexemes);
    }

    /**
     * Reads a document that was stored, for some milliseconds if it is long.
     *
     * @param text a {@code tsvector} in the text form of PostgreSQL, with positions
     */
    public static SearchDocument parse(String text) {
        return new SearchDocument(new VectorReader(text).read());
    }

    /** Loads the data of all languages from files, which an event loop must not do. */
    static void loadLanguages() {
        of("é", "", "กา ລາ កា မာ ☀ I", "tr");
        SearchQuery.parse("abc абв ابت אבג अब தமி αβγ աբգ");
    }

    /**
     * Returns the document as the input form of PostgreSQL's type {@code tsvector}. The title has the weight A, the
     * summary B, and the body C.
     */
    public String vector() {
        var vector = new StringBuilder();
        lexemes.forEach((lexeme, positions) -> {
            vector.append(vector.isEmpty() ? "" : " ")
                    .append(Lexeme.quoted(lexeme))
                    .append(':');
            positions.appendTo(vector);
        });
        return vector.toString();
    }

    /** Returns the approximate memory of the document in bytes. */
    public long memory() {
        return lexemes.entrySet().stream()
                .mapToLong(entry -> BYTES_PER_LEXEME
                        + entry.getKey().length()
                        + (long) Integer.BYTES * entry.getValue().size())
                .sum();
    }

    Set<String> lexemes() {
        return lexemes.keySet();
    }

    /** Returns the positions of a lexeme; none if the document doesn't have it. */
    Positions positions(String lexeme) {
        return lexemes.getOrDefault(lexeme, Positions.NONE);
    }

    /** Returns the positions of each lexeme that begins with a prefix. */
    Collection<Positions> positionsByPrefix(String prefix) {
        return lexemes.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public String toString() {
        return new TreeMap<>(lexemes).keySet().stream().collect(Collectors.joining(" "));
    }

    /** Collects lexemes in the order of the texts. */
    private static final class Builder {

        private static final ULocale TURKISH = new ULocale("tr");

        private final Map<String, Positions> lexemes = new HashMap<>();
        private final Map<String, Collection<String>> forms = new HashMap<>();
        private final WordForms words = new WordForms();
        private final String language;
        private int position;
        private int size;

        Builder(String language) {
            this.language = language;
        }

        void add(String text, int weight) {
            var beginning = text.substring(0, Math.min(text.length(), MAX_TEXT_LENGTH));
            // Turkish alone has two letters i, of which the capitals are ambiguous in other languages.
            var cased = language.startsWith("tr") ? UCharacter.toLowerCase(TURKISH, beginning) : beginning;
            Splitter.split(Normalization.of(cased, MAX_TEXT_LENGTH), unit -> add(unit, weight));
            // So that no phrase spans two texts.
            position++;
        }

        private void add(Unit unit, int weight) {
            switch (unit) {
                case Unit.Compound compound -> addCompound(compound, weight);
                case Unit.Run run -> addRun(run, weight);
            }
            position += unit.width();
        }

        private void addCompound(Unit.Compound compound, int weight) {
            if (compound.joined() != null) {
                addForms(compound.joined(), 0, weight);
            }
            for (var i = 0; i < compound.parts().size(); i++) {
                addForms(compound.parts().get(i), i, weight);
            }
        }

        private void addForms(String word, int offset, int weight) {
            if (position + offset < MAX_POSITION) {
                forms.computeIfAbsent(word, absent -> words.ofArticle(absent, language))
                        .forEach(lexeme -> add(lexeme, offset, weight));
            }
        }

        private void addRun(Unit.Run run, int weight) {
            var characters = run.characters();
            var hasWords = !run.words().isEmpty();
            for (var i = 0; i < characters.size() && position + i < MAX_POSITION; i++) {
                if (!hasWords) {
                    add(characters.get(i), i, weight);
                }
                if (i + 1 < characters.size()) {
                    add(Lexeme.neighbours(characters, i, hasWords), i, weight);
                }
            }
            for (var word : run.words()) {
                add(word.text(), word.offset(), weight);
            }
        }

        private void add(String lexeme, int offset, int weight) {
            var at = position + offset + 1;
            if (at > MAX_POSITION) {
                return;
            }
            var positions = lexemes.get(lexeme);
            if (positions == null) {
                // The entry with its count, and its alignment.
                size += lexeme.getBytes(StandardCharsets.UTF_8).length + 8;
                if (size > MAX_SIZE) {
                    return;
                }
                positions = new Positions();
                lexemes.put(lexeme, positions);
            }
            if (positions.size() < MAX_POSITIONS_PER_LEXEME && size + 2 <= MAX_SIZE && positions.add(at, weight)) {
                size += 2;
            }
        }
    }
}
