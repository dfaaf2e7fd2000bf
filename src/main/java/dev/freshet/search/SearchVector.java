package dev.freshet.search;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.util.ULocale;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Divides an article into words at their positions, for PostgreSQL. The result is bounded, whatever the text: by the
 * beginning of each text, by {@link #MAX_POSITION} and by {@link #MAX_SIZE}. Words beyond are not found. For use by one
 * thread.
 */
public final class SearchVector {

    /** The maximum chars of a text that are searched. */
    public static final int MAX_TEXT_LENGTH = 100_000;

    /** The highest position; PostgreSQL puts all words from 16,383 on at the same position. */
    private static final int MAX_POSITION = 16_382;

    /** The maximum positions of a lexeme; PostgreSQL stores 255. */
    private static final int MAX_POSITIONS_PER_LEXEME = 255;

    /** The maximum size as a {@code tsvector} in bytes, below the 1 MB of PostgreSQL. */
    private static final int MAX_SIZE = 900_000;

    private static final ULocale TURKISH = new ULocale("tr");

    private final Map<String, Positions> lexemes = new HashMap<>();
    private final Map<String, Collection<String>> forms = new HashMap<>();
    private final WordForms words;
    private final String language;
    private int position;
    private int size;

    private SearchVector(String language) {
        this.language = language;
        this.words = new WordForms(language);
    }

    /**
     * Returns the words of an article in the input form of PostgreSQL's type {@code tsvector}. The title has the weight A,
     * the summary B, and the body C. Takes some milliseconds for a long article.
     *
     * @param language a BCP 47 tag
     */
    public static String of(String title, String summary, String body, String language) {
        return divided(title, summary, body, language).text();
    }

    /** Returns the words of an article in the same form, and for searches in memory. */
    public static ArticleWords words(String title, String summary, String body, String language) {
        return new ArticleWords(divided(title, summary, body, language));
    }

    private static SearchVector divided(String title, String summary, String body, String language) {
        var vector = new SearchVector(language);
        vector.add(title, Positions.TITLE);
        vector.add(summary, Positions.SUMMARY);
        vector.add(body, Positions.BODY);
        return vector;
    }

    /** Loads the data of all languages from files, which an event loop must not do. */
    static void loadLanguages() {
        of("é", "", "กา ລາ កា မာ ☀ I", "tr");
        SearchQuery.parse("abc абв ابت אבג अब தமி αβγ աբգ");
    }

    String text() {
        // A lexeme takes about 16 chars with its quotes and positions.
        var text = new StringBuilder(16 * lexemes.size());
        lexemes.forEach((lexeme, positions) -> {
            if (!text.isEmpty()) {
                text.append(' ');
            }
            Lexeme.appendQuoted(lexeme, text);
            positions.appendTo(text.append(':'));
        });
        return text.toString();
    }

    SearchDocument document() {
        // Each lexeme takes fewer bytes than its part of the size.
        var bytes = ByteBuffer.allocate(Integer.BYTES + size).putInt(lexemes.size());
        var starts = new int[lexemes.size()];
        var hashes = new int[lexemes.size()];
        var index = 0;
        for (var entry : lexemes.entrySet()) {
            var start = bytes.position();
            bytes.put(entry.getKey().getBytes(StandardCharsets.UTF_8)).put((byte) 0);
            starts[index] = start;
            hashes[index++] = SearchDocument.hashOfWord(bytes.array(), start);
            entry.getValue().writeTo(bytes);
        }
        return new SearchDocument(Arrays.copyOf(bytes.array(), bytes.position()), index, starts, hashes);
    }

    private void add(String text, int weight) {
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
            forms.computeIfAbsent(word, words::ofArticle).forEach(lexeme -> add(lexeme, offset, weight));
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
