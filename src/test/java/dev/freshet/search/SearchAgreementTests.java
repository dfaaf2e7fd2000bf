package dev.freshet.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.problem.ProblemException;
import dev.freshet.testing.StoredWords;
import dev.freshet.testing.Stores;
import java.net.URI;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares searches in memory with PostgreSQL, on generated texts and searches. */
class SearchAgreementTests {

    private static final int TEXTS = 30;
    private static final int SEARCHES = 40;

    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        var url = URI.create(Stores.database());
        var user = url.getUserInfo().split(":", 2);
        connection = DriverManager.getConnection(
                "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath(), user[0], user[1]);
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "pt", "it", "ru", "ar", "he", "hi", "zh", "ja", "th", "ko", "tr"})
    void memoryAndPostgresFindTheSame(String language) throws SQLException {
        var generator = new Generator(language);
        var words = IntStream.range(0, TEXTS).mapToObj(i -> generator.article()).toList();
        var vectors = words.stream().map(ArticleWords::vector).toList();
        var documents = vectors.stream()
                .map(vector -> SearchDocument.read(StoredWords.of(vector)))
                .toList();
        var searches = generator.searches();
        var queries = searches.stream().map(SearchQuery::parse).toList();
        var inMemory = inMemory(documents, searches, queries);
        var inPostgres = named(
                inPostgres(vectors, queries.stream().map(SearchQuery::query).toList()), searches);
        assertThat(inPostgres).isEqualTo(inMemory);
        var ofLanguage = ArticleLanguages.of(List.of(language + "-ZZ"));
        var fewerWords = queries.stream().map(query -> query.query(ofLanguage)).toList();
        assertThat(named(inPostgres(vectors, fewerWords), searches)).isEqualTo(inMemory);
        assertThat(stored(vectors))
                .isEqualTo(vectors.stream().map(StoredWords::of).toList());
        assertThat(byIndex(documents, searches, queries)).isEqualTo(inMemory);
        var ownDocuments = words.stream().map(ArticleWords::document).toList();
        assertThat(inMemory(ownDocuments, searches, queries)).isEqualTo(inMemory);
        // Otherwise, the comparison shows little.
        assertThat(inMemory).hasSizeBetween(TEXTS * SEARCHES / 50, TEXTS * SEARCHES * 4 / 5);
    }

    @Test
    void postgresStoresWordsUncompressed() throws SQLException {
        try (var statement = connection.createStatement();
                var columns = statement.executeQuery("select attstorage from pg_attribute where attrelid in"
                        + " ('article'::regclass, 'feed_log'::regclass) and attname in ('search', 'was_search')")) {
            var storage = new ArrayList<String>();
            while (columns.next()) {
                storage.add(columns.getString(1));
            }
            assertThat(storage).hasSize(4).containsOnly("e");
        }
    }

    /** Returns the index of each document with the searches that it matches. */
    private static Set<String> inMemory(
            List<SearchDocument> documents, List<String> searches, List<SearchQuery> queries) {
        var found = new TreeSet<String>();
        for (var document = 0; document < documents.size(); document++) {
            for (var query = 0; query < queries.size(); query++) {
                if (queries.get(query).matches(documents.get(document))) {
                    found.add(document + " " + searches.get(query));
                }
            }
        }
        return found;
    }

    private static Set<String> named(List<int[]> found, List<String> searches) {
        return found.stream()
                .map(pair -> pair[0] + " " + searches.get(pair[1]))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the same, and tries only the searches that an index finds. Half of its searches are removed again. */
    private static Set<String> byIndex(
            List<SearchDocument> documents, List<String> searches, List<SearchQuery> queries) {
        var index = new SearchIndex<Integer>();
        for (var query = 0; query < 2 * queries.size(); query++) {
            index.add(queries.get(query % queries.size()), query);
        }
        for (var query = queries.size(); query < 2 * queries.size(); query++) {
            index.remove(queries.get(query - queries.size()), query);
        }
        var found = new TreeSet<String>();
        for (var document = 0; document < documents.size(); document++) {
            for (var query : index.candidates(documents.get(document))) {
                if (queries.get(query).matches(documents.get(document))) {
                    found.add(document + " " + searches.get(query));
                }
            }
        }
        for (var query = 0; query < queries.size(); query++) {
            index.remove(queries.get(query), query);
        }
        assertThat(index.isEmpty()).isTrue();
        return found;
    }

    /** Returns vectors as PostgreSQL sends them. */
    private static List<ByteBuffer> stored(List<String> vectors) throws SQLException {
        try (var statement = connection.prepareStatement(
                "select tsvectorsend(v::tsvector) from unnest(?) with ordinality x(v, n) order by n")) {
            statement.setArray(1, connection.createArrayOf("text", vectors.toArray()));
            var stored = new ArrayList<ByteBuffer>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    stored.add(ByteBuffer.wrap(rows.getBytes(1)));
                }
            }
            return stored;
        }
    }

    @Test
    void postgresReadsHostileTexts() throws SQLException {
        var vectors = Stream.concat(
                        SearchDocumentTests.hostileTexts().stream().map(text -> SearchVector.of("", "", text, "de")),
                        Stream.of(SearchDocumentTests.manyLexemes()))
                .toList();
        assertThat(stored(vectors))
                .isEqualTo(vectors.stream().map(StoredWords::of).toList());
    }

    @Test
    void memoryAndPostgresAgree_atTheEnd() throws SQLException {
        var text =
                IntStream.range(0, 20_000).mapToObj(SearchAgreementTests::word).collect(Collectors.joining(" "));
        var vector = SearchVector.of("", "", text, "en");
        var document = SearchDocument.read(StoredWords.of(vector));
        // The last positions, and those after them.
        for (var word : List.of(16_000, 16_378, 16_379, 16_380, 16_381, 16_382, 16_383, 19_000)) {
            var query = SearchQuery.parse("\"" + word(word - 1) + " " + word(word) + "\"");
            assertThat(inPostgres(List.of(vector), List.of(query.query())))
                    .as("word " + word)
                    .hasSize(query.matches(document) ? 1 : 0);
        }
    }

    private static String word(int number) {
        return Integer.toString(number, 36);
    }

    /** Returns the indexes of the vectors and queries that match. */
    private static List<int[]> inPostgres(List<String> vectors, List<String> queries) throws SQLException {
        try (var statement = connection.prepareStatement("""
                with d as materialized (select v::tsvector, n from unnest(?) with ordinality x(v, n)),
                    q as materialized (select t::tsquery, n from unnest(?) with ordinality x(t, n))
                select d.n - 1, q.n - 1 from d cross join q where d.v @@ q.t""")) {
            statement.setArray(1, connection.createArrayOf("text", vectors.toArray()));
            statement.setArray(2, connection.createArrayOf("text", queries.toArray()));
            var found = new ArrayList<int[]>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new int[] {rows.getInt(1), rows.getInt(2)});
                }
            }
            return found;
        }
    }

    /** Generates texts and searches from the words of a language's examples. */
    private static final class Generator {

        private final Random random = new Random(20_261_129);
        private final List<SearchExample> examples;
        private final String language;

        Generator(String language) {
            this.language = language;
            this.examples = SearchExample.all().stream()
                    .filter(example -> example.language().equals(language))
                    .toList();
        }

        ArticleWords article() {
            return SearchVector.words(text(1), text(1), text(6), language);
        }

        private String text(int sentences) {
            return IntStream.range(0, sentences)
                    .mapToObj(i -> example().text())
                    .collect(Collectors.joining(random.nextBoolean() ? ". " : " "));
        }

        List<String> searches() {
            var searches = new ArrayList<String>();
            while (searches.size() < SEARCHES) {
                var search = search();
                if (isValid(search)) {
                    searches.add(search);
                }
            }
            return searches;
        }

        private static boolean isValid(String search) {
            try {
                SearchQuery.parse(search);
                return true;
            } catch (ProblemException e) {
                return false;
            }
        }

        private String search() {
            return IntStream.rangeClosed(0, random.nextInt(3))
                    .mapToObj(i -> term())
                    .collect(Collectors.joining(random.nextInt(3) == 0 ? " or " : " "));
        }

        private String term() {
            return switch (random.nextInt(8)) {
                case 0 -> "-" + word();
                case 1 -> "title:" + word();
                case 2 -> "\"" + phrase() + "\"";
                case 3 -> "title:\"" + phrase() + "\"";
                case 4 -> word() + "*";
                case 5 -> example().search();
                default -> word();
            };
        }

        private String phrase() {
            var words = words();
            var from = random.nextInt(words.size());
            return String.join(" ", words.subList(from, Math.min(words.size(), from + 1 + random.nextInt(3))))
                    .replaceAll("[\"“”„«»「」]", "");
        }

        private String word() {
            var words = words();
            var word = words.get(random.nextInt(words.size()));
            var isCut = random.nextInt(3) == 0 && word.length() > 2;
            return isCut ? word.substring(0, 2 + random.nextInt(word.length() - 2)) : word;
        }

        private List<String> words() {
            return List.of(example().text().split("\\s+"));
        }

        private SearchExample example() {
            return examples.get(random.nextInt(examples.size()));
        }
    }
}
