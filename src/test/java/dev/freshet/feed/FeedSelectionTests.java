package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares the three forms of the rule which articles a feed contains: the SQL of pages, the SQL of the log, and the rule
 * as the documentation states it. Articles are created, changed and withdrawn at random.
 */
class FeedSelectionTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ARTICLES = 60;
    private static final int CHANGES = 60;
    private static final String RUN = "s" + UUID.randomUUID().toString().substring(0, 8);
    private static final List<String> NAMES = List.of(RUN + "a", RUN + "b", RUN + "c");
    private static final List<String> LANGUAGES = List.of("de", "en-GB", "zh-Hant-TW");
    private static final List<String> WORDS = List.of(RUN + "heron", RUN + "otter");

    private static final Map<String, Content> published = new HashMap<>();
    private static Freshet instance;
    private static String token;

    /** The filtered fields of an article, and the words of its title. */
    record Content(List<String> tags, String author, String source, String language, Set<String> words) {

        String json() {
            return JSON.writeValueAsString(Map.of(
                    "title",
                    "Words " + String.join(" ", words),
                    "body",
                    "Text.",
                    "tags",
                    tags,
                    "author",
                    author,
                    "source",
                    source,
                    "language",
                    language,
                    "status",
                    "published"));
        }
    }

    /** A filter by query parameters, with null for each one that is absent. None of the names of {@code not} is selected. */
    record Filter(
            @Nullable String tag,
            @Nullable String author,
            @Nullable String source,
            @Nullable String language,
            @Nullable String word,
            @Nullable Filter not) {

        boolean selects(Content content) {
            return (not == null || not.hasNone(content)) && hasAll(content);
        }

        private boolean hasNone(Content content) {
            return !content.tags().contains(String.valueOf(tag))
                    && !content.author().equals(author)
                    && !content.source().equals(source)
                    && (language == null || !content.language().startsWith(language));
        }

        private boolean hasAll(Content content) {
            return (tag == null || content.tags().contains(tag))
                    && (author == null || author.equals(content.author()))
                    && (source == null || source.equals(content.source()))
                    && (language == null || content.language().startsWith(language))
                    && (word == null || content.words().contains(word));
        }

        String query() {
            var parameters = new LinkedHashMap<String, @Nullable String>();
            parameters.put("tag", tag);
            parameters.put("author", author);
            parameters.put("source", source);
            parameters.put("language", language);
            parameters.put("q", word);
            if (not != null) {
                parameters.put("not.tag", not.tag());
                parameters.put("not.author", not.author());
                parameters.put("not.source", not.source());
                parameters.put("not.language", not.language());
            }
            return parameters.entrySet().stream()
                    .filter(parameter -> parameter.getValue() != null)
                    .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                    .collect(Collectors.joining("&"));
        }
    }

    @BeforeAll
    static void publishChangeAndWithdraw() {
        instance = Freshet.shared(Map.of());
        token = instance.token(Role.AUTHOR);
        var random = new Random(20_261_128);
        var ids = new ArrayList<String>();
        for (var i = 0; i < ARTICLES; i++) {
            var content = content(random);
            var id = send(HttpMethod.POST, "", content.json(), 201).text("id");
            ids.add(id);
            published.put(id, content);
        }
        for (var i = 0; i < CHANGES; i++) {
            var id = ids.get(random.nextInt(ids.size()));
            if (!published.containsKey(id)) {
                continue;
            }
            if (random.nextInt(4) == 0) {
                send(HttpMethod.DELETE, "/" + id, null, 204);
                published.remove(id);
            } else {
                var content = content(random);
                send(HttpMethod.PATCH, "/" + id, content.json(), 200);
                published.put(id, content);
            }
        }
    }

    private static Content content(Random random) {
        return new Content(
                some(NAMES, random),
                one(random),
                one(random),
                LANGUAGES.get(random.nextInt(LANGUAGES.size())),
                Set.copyOf(some(WORDS, random)));
    }

    private static List<String> some(List<String> values, Random random) {
        return values.stream().filter(value -> random.nextBoolean()).toList();
    }

    private static String one(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private static Freshet.Reply send(HttpMethod method, String path, @Nullable String body, int expected) {
        var reply = Freshet.get(instance.send(
                method,
                "/api/v1/articles" + path,
                body,
                "Authorization",
                "Bearer " + token,
                "If-Match",
                "*",
                "Content-Type",
                method.equals(HttpMethod.PATCH) ? "application/merge-patch+json" : "application/json"));
        assertThat(reply.code()).as(reply.body()).isEqualTo(expected);
        return reply;
    }

    static List<Filter> filters() {
        var filters = new ArrayList<Filter>();
        for (var tag : nullAnd(NAMES)) {
            for (var author : nullAnd(NAMES)) {
                for (var source : nullAnd(NAMES)) {
                    for (var word : nullAnd(WORDS)) {
                        filters.add(new Filter(tag, author, source, null, word, null));
                    }
                }
            }
        }
        // The feed of everything contains what other test classes publish.
        filters.remove(new Filter(null, null, null, null, null, null));
        for (var name : NAMES) {
            for (var not : List.of(
                    new Filter(name, null, null, null, null, null),
                    new Filter(null, name, null, null, null, null),
                    new Filter(null, null, name, null, null, null),
                    new Filter(name, name, NAMES.getFirst(), null, null, null))) {
                filters.add(new Filter(NAMES.getFirst(), null, null, null, null, not));
                filters.add(new Filter(null, NAMES.getLast(), null, null, WORDS.getFirst(), not));
                filters.add(new Filter(null, null, null, null, WORDS.getLast(), not));
            }
        }
        for (var language : List.of("de", "en", "en-GB", "zh-Hant", "fr")) {
            var not = new Filter(null, null, null, language, null, null);
            for (var word : nullAnd(WORDS)) {
                filters.add(new Filter(NAMES.getFirst(), null, null, language, word, null));
                filters.add(new Filter(null, NAMES.getLast(), null, language, word, null));
                filters.add(new Filter(null, null, NAMES.getLast(), null, word, not));
            }
            filters.add(new Filter(null, null, null, language, WORDS.getFirst(), null));
        }
        return filters;
    }

    private static List<@Nullable String> nullAnd(List<String> values) {
        var all = new ArrayList<@Nullable String>(values);
        all.add(null);
        return all;
    }

    @ParameterizedTest
    @MethodSource("filters")
    void pageAndStream_containTheSelectedArticles(Filter filter) {
        var expected = published.entrySet().stream()
                .filter(article -> filter.selects(article.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        assertThat(page(filter)).as("page").isEqualTo(expected);
        assertThat(stream(filter)).as("stream").isEqualTo(expected);
    }

    private static Set<String> page(Filter filter) {
        var items = instance.get("/api/v1/articles?limit=200&" + filter.query())
                .json()
                .path("items");
        return items.valueStream().map(item -> item.path("id").asString()).collect(Collectors.toSet());
    }

    private static Set<String> stream(Filter filter) {
        var articles = new HashSet<String>();
        var lines = Objects.requireNonNull(instance.get(
                        "/api/v1/articles?since=earliest&follow=false&" + filter.query(),
                        "Accept",
                        "application/x-ndjson")
                .body());
        lines.lines().filter(line -> !line.isEmpty()).map(JSON::readTree).forEach(event -> {
            var id = event.path("article").path("id").asString("");
            switch (event.path("type").asString()) {
                case "article.published", "article.updated" -> articles.add(id);
                case "article.withdrawn" -> articles.remove(id);
                default -> {}
            }
        });
        return articles;
    }
}
