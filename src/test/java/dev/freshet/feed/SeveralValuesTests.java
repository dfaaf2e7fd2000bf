package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Feeds that select several tags, authors or sources: any of them. */
class SeveralValuesTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String FEED = "/api/v1/articles?";

    // Distinguishes the names of one test.
    private final String run = UUID.randomUUID().toString();
    private final String token = INSTANCE.token(Role.EDITOR);

    @Test
    void pageHasAnyOfTheValuesOnceInOrder() {
        publish("One", List.of("a"), "Ann", "x");
        publish("Two", List.of("b"), "Bob", "y");
        publish("Three", List.of("a", "b"), "Cid", "z");
        publish("Four", List.of("c"), "Ann", "y");
        assertThat(titles("tag=" + name("a") + "&tag=" + name("b"))).containsExactly("Three", "Two", "One");
        assertThat(titles("author=" + name("Ann") + "&author=" + name("Bob"))).containsExactly("Four", "Two", "One");
        assertThat(titles("source=" + name("x") + "&source=" + name("z"))).containsExactly("Three", "One");
        assertThat(titles(
                        "tag=" + name("a") + "&tag=" + name("b") + "&author=" + name("Ann") + "&author=" + name("Cid")))
                .containsExactly("Three", "One");
        assertThat(titles("tag=" + name("a") + "&author=" + name("Ann") + "&author=" + name("Bob")))
                .containsExactly("One");
        assertThat(titles("tag=" + name("a") + "&tag=" + name("b") + "&q=three"))
                .containsExactly("Three");
    }

    @Test
    void olderPagesContinueTheUnion() {
        var tags = List.of(List.of("a", "b"), List.of("a"), List.of("b"));
        IntStream.range(0, 9).forEach(i -> publish("T" + i, tags.get(i % 3), "Ann", "x"));
        var found = new java.util.ArrayList<String>();
        var path = FEED + "limit=2&tag=" + name("b") + "&tag=" + name("a");
        while (path != null) {
            var page = INSTANCE.get(path).json();
            page.path("items").forEach(item -> found.add(item.path("title").asString()));
            path = page.path("next").asString(null);
        }
        assertThat(found).containsExactly("T8", "T7", "T6", "T5", "T4", "T3", "T2", "T1", "T0");
    }

    @Test
    void cachedPageIsSharedAndFollowsEachValue() {
        publish("One", List.of("a"), "Ann", "x");
        var path = FEED + "tag=" + name("a") + "&tag=" + name("b");
        INSTANCE.get(path);
        var sameInOtherOrder = INSTANCE.get(FEED + "tag=" + name("b") + "&tag=" + name("a") + "&tag=" + name("A"));
        assertThat(sameInOtherOrder.headers().getFirst("Cache-Status")).contains("hit");
        publish("Two", List.of("b"), "Ann", "x");
        assertThat(INSTANCE.get(path).body()).contains("Two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"atom", "rss", "json-feed"})
    void feedReadersGetAnyOfTheValues(String format) {
        publish("First " + run, List.of("a"), "Ann", "x");
        publish("Second " + run, List.of("b"), "Ann", "x");
        assertThat(INSTANCE.get(FEED + "format=" + format + "&tag=" + name("a") + "&tag=" + name("b"))
                        .body())
                .contains("First " + run, "Second " + run);
        assertThat(INSTANCE.get("/?tag=" + name("a") + "&tag=" + name("b")).body())
                .contains("First " + run, "Second " + run, "value=\"" + name("b") + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&q=both+or+last+-never"})
    void eventThatMatchesSeveralValuesArrivesOnce(String search) {
        var cursor = INSTANCE.get(FEED + "limit=1").text("cursor");
        var lines = INSTANCE.client()
                .get()
                .uri(FEED + "since=" + cursor + "&tag=" + name("a") + "&tag=" + name("b") + search)
                .accept(MediaType.APPLICATION_NDJSON)
                .retrieve()
                .bodyToFlux(String.class)
                .filter(line -> !line.isBlank())
                .map(JSON::readTree)
                .map(line -> line.path("article").path("title").asString());
        StepVerifier.create(lines)
                .then(() -> {
                    publish("Both", List.of("a", "b"), "Ann", "x");
                    publish("Neither", List.of("c"), "Ann", "x");
                    publish("Last", List.of("b"), "Ann", "x");
                })
                .expectNext("Both", "Last")
                .thenCancel()
                .verify(Freshet.TIMEOUT);
        assertThat(INSTANCE.get(FEED + "format=ndjson&follow=false&since=earliest&tag=" + name("a") + "&tag="
                                + name("b") + search)
                        .body()
                        .lines())
                .hasSize(2);
    }

    @Test
    void valuesAreLimited() {
        var many = IntStream.rangeClosed(1, 21).mapToObj(i -> "tag=t" + i).collect(Collectors.joining("&"));
        for (var format : List.of("json", "atom", "ndjson")) {
            var reply = INSTANCE.get(FEED + "format=" + format + "&" + many);
            assertThat(reply.code()).isEqualTo(400);
            assertThat(reply.body()).contains("at most 20");
        }
    }

    private String name(String name) {
        return name.toLowerCase(java.util.Locale.ROOT) + run;
    }

    private List<String> titles(String query) {
        return INSTANCE.get(FEED + query)
                .json()
                .path("items")
                .valueStream()
                .map(item -> item.path("title").asString())
                .toList();
    }

    private JsonNode publish(String title, List<String> tags, String author, String source) {
        var fields = Map.of(
                "title", title,
                "status", "published",
                "tags", tags.stream().map(this::name).toList(),
                "author", name(author),
                "source", name(source));
        var reply = Freshet.get(INSTANCE.send(
                HttpMethod.POST,
                "/api/v1/articles",
                JSON.writeValueAsString(fields),
                "Authorization",
                "Bearer " + token));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return reply.json();
    }
}
