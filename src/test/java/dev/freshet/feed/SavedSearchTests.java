package dev.freshet.feed;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.Disposable;
import tools.jackson.databind.json.JsonMapper;

/** Searches that are part of a followed feed, and their secret addresses for feed readers. */
class SavedSearchTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SEARCHES = "/api/v1/following/search";
    private static final String FEED = "/api/v1/articles?following=true";

    private final String token = INSTANCE.token(Role.AUTHOR);
    // Other tests publish at this instance.
    private final String word = "w" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void searchIsSavedReplacedAndDeleted() {
        save("Water birds", "heron");
        save("WATER birds", "heron or otter");
        var saved = send(HttpMethod.GET, SEARCHES, null).json().path("items");
        assertThat(saved).hasSize(1);
        assertThat(saved.path(0).path("name").asString()).isEqualTo("WATER birds");
        var read = send(HttpMethod.GET, SEARCHES + "/water%20birds", null);
        assertThat(read.text("q")).isEqualTo("heron or otter");
        assertThat(read.headers().getCacheControl()).isEqualTo("no-store");

        assertThat(send(HttpMethod.DELETE, SEARCHES + "/water%20birds", null).code())
                .isEqualTo(204);
        assertThat(send(HttpMethod.GET, SEARCHES, null).json().path("items")).isEmpty();
        assertThat(send(HttpMethod.GET, SEARCHES + "/water%20birds", null).code())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"q\": \"-heron\"}", "{\"q\": \" \"}", "{}", "{\"q\": \"the\"}"})
    void searchWithoutWordsIsNotSaved(String body) {
        assertThat(send(HttpMethod.PUT, SEARCHES + "/empty", body).code()).isEqualTo(400);
    }

    @Test
    void accountSavesALimitedNumber() {
        for (var i = 0; i < 20; i++) {
            save("s" + i, "heron");
        }
        var refused = send(HttpMethod.PUT, SEARCHES + "/more", "{\"q\": \"heron\"}");
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.text("detail")).contains("20 searches at most");
        save("S1", "otter");
    }

    @Test
    void pagesMergeSearchesAndNames() {
        var tag = word + "-tag";
        publish("Both " + word, tag);
        publish("Named", tag);
        publish("Found " + word, "other");
        publish("Neither", "other");
        assertThat(titles(FEED)).isEmpty();
        save("birds", word);
        assertThat(titles(FEED)).containsExactly("Found " + word, "Both " + word);
        assertThat(send(HttpMethod.PUT, "/api/v1/following/tag/" + tag, null).code())
                .isEqualTo(204);
        var all = List.of("Found " + word, "Named", "Both " + word);
        assertThat(titles(FEED)).isEqualTo(all);
        assertThat(titles(FEED + "&tag=other")).containsExactly("Found " + word);
        assertThat(titles(FEED + "&q=" + word)).hasSize(2);

        var pages = new ArrayList<String>();
        @Nullable String next = FEED + "&limit=1";
        while (next != null) {
            var page = send(HttpMethod.GET, next, null).json();
            pages.addAll(page.path("items").findValuesAsString("title"));
            next = page.path("next").asString(null);
        }
        assertThat(pages).isEqualTo(all);

        assertThat(send(HttpMethod.PUT, "/api/v1/muted/tag/other", null).code()).isEqualTo(204);
        assertThat(titles(FEED)).containsExactly("Named", "Both " + word);
        assertThat(replay()).containsExactly("Both " + word, "Named");
    }

    @Test
    void openStreamHasTheArticlesOfSearchesFromNowOn() throws InterruptedException {
        var tag = word + "-tag";
        assertThat(send(HttpMethod.PUT, "/api/v1/following/tag/" + tag, null).code())
                .isEqualTo(204);
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        var stream = open(events);
        try {
            assertThat(next(events)).isEqualTo("live");
            publish("Found before " + word, "other");
            publish("Named", tag);
            assertThat(next(events)).isEqualTo("Named");

            save("birds", word);
            until(() -> {
                publish("Found " + word, "other");
                publish("Named", tag);
                return nextOf(events).equals("Found " + word) && nextOf(events).equals("Named");
            });
            var edited = publish("Leaves " + word, "other");
            assertThat(next(events)).isEqualTo("Leaves " + word);
            var reply = get(INSTANCE.send(
                    HttpMethod.PATCH,
                    edited,
                    "{\"title\": \"Left\", \"body\": \"\"}",
                    "Authorization",
                    "Bearer " + token,
                    "If-Match",
                    "*",
                    "Content-Type",
                    "application/merge-patch+json"));
            assertThat(reply.code()).as(reply.body()).isEqualTo(200);
            assertThat(next(events)).isEqualTo("article.withdrawn");

            send(HttpMethod.DELETE, SEARCHES + "/birds", null);
            until(() -> {
                publish("Found again " + word, "other");
                publish("Named", tag);
                var isNamed = nextOf(events).equals("Named");
                return isNamed || !nextOf(events).equals("Named");
            });
        } finally {
            stream.dispose();
        }
    }

    @Test
    void secretAddressShowsTheNewestArticlesWithoutAToken() {
        save("birds", word);
        publish("Often " + word + " " + word, "other");
        publish("Newest " + word, "other");
        var address = renew();
        for (var format : List.of(address.atom(), address.rss(), address.jsonFeed())) {
            var reply = INSTANCE.get(format);
            assertThat(reply.code()).as(format).isEqualTo(200);
            assertThat(Objects.requireNonNull(reply.body()).replaceAll("(?s)^.*?(Newest|Often).*", "$1"))
                    .as(format)
                    .isEqualTo("Newest");
            assertThat(reply.body()).contains(format);
            assertThat(reply.headers().getCacheControl()).isEqualTo("private, no-store");
            assertThat(reply.headers().getFirst("Surrogate-Key")).isNull();
        }
        assertThat(INSTANCE.get(address.atom() + "&limit=1").body())
                .contains("rel=\"next\"")
                .doesNotContain("Often");
        save("birds", "absent" + word);
        assertThat(INSTANCE.get(address.atom()).body()).doesNotContain("Newest");
    }

    @Test
    void formerAddressIsInvalidOnceItIsRenewedOrDeleted() {
        save("birds", word);
        var first = renew();
        var second = renew();
        assertThat(second).isNotEqualTo(first);
        assertThat(INSTANCE.get(first.atom()).code()).isEqualTo(404);
        assertThat(INSTANCE.get(second.rss()).code()).isEqualTo(200);
        assertThat(send(HttpMethod.GET, SEARCHES + "/birds", null)
                        .json()
                        .path("hasAddress")
                        .booleanValue())
                .isTrue();
        var stored = get(INSTANCE.bean(DatabaseClient.class)
                .sql("select count(*) as n from saved_search s where s::text like '%' || :secret || '%'")
                .bind("secret", second.atom().replaceAll(".*/frf_|\\?.*", ""))
                .map(row -> Objects.requireNonNull(row.get("n", Long.class)))
                .one());
        assertThat(stored).isZero();

        assertThat(send(HttpMethod.DELETE, SEARCHES + "/birds/address", null).code())
                .isEqualTo(204);
        assertThat(INSTANCE.get(second.atom()).code()).isEqualTo(404);
        assertThat(send(HttpMethod.POST, SEARCHES + "/absent/address", null).code())
                .isEqualTo(404);
    }

    @Test
    void exportHasNamesAndSearches() {
        save("Birds & <more>", "heron otter");
        send(HttpMethod.PUT, "/api/v1/following/author/Ann%20Author", null);
        var export = send(HttpMethod.GET, "/api/v1/following/opml", null);
        assertThat(export.headers().getFirst("Content-Type")).startsWith("text/x-opml");
        assertThat(export.body())
                .contains("text=\"Birds &amp; &lt;more&gt;\"", "format=atom&amp;q=heron+otter\"", "author=ann+author");
        assertThat(INSTANCE.get("/api/v1/following/opml").code()).isEqualTo(401);
    }

    private SearchAddress renew() {
        var reply = send(HttpMethod.POST, SEARCHES + "/birds/address", null);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        assertThat(reply.headers().getCacheControl()).isEqualTo("no-store");
        return new SearchAddress(reply.text("atom"), reply.text("rss"), reply.text("jsonFeed"));
    }

    private void save(String name, String q) {
        var path = SEARCHES + "/" + name.replace(" ", "%20").replace("&", "%26").replace("<", "%3C");
        var reply = send(HttpMethod.PUT, path.replace(">", "%3E"), JSON.writeValueAsString(Map.of("q", q)));
        assertThat(reply.code()).as(reply.body()).isEqualTo(204);
    }

    /** Publishes an article, and returns its address. */
    private String publish(String title, String tag) {
        var reply = send(
                HttpMethod.POST,
                "/api/v1/articles",
                JSON.writeValueAsString(
                        Map.of("title", title, "body", "Text.", "tags", List.of(tag), "status", "published")));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return Objects.requireNonNull(reply.headers().getFirst("Location"));
    }

    private List<String> titles(String path) {
        return send(HttpMethod.GET, path, null)
                .json()
                .path("items")
                .valueStream()
                .map(item -> item.path("title").asString())
                .toList();
    }

    private List<String> replay() {
        return Objects.requireNonNull(send(HttpMethod.GET, FEED + "&format=ndjson&since=earliest&follow=false", null)
                        .body())
                .lines()
                .filter(line -> !line.isEmpty())
                .map(SavedSearchTests::event)
                .toList();
    }

    private Disposable open(BlockingQueue<String> events) {
        return INSTANCE.client()
                .get()
                .uri(FEED + "&announce=true")
                .accept(MediaType.APPLICATION_NDJSON)
                .headers(headers -> headers.setBearerAuth(token))
                .retrieve()
                .bodyToFlux(String.class)
                .filter(line -> !line.isBlank())
                .map(SavedSearchTests::event)
                .subscribe(events::add);
    }

    /** Returns the title of an event's article, or the type of an event without one. */
    private static String event(String line) {
        var event = JSON.readTree(line);
        return event.at("/article/title").asString(event.path("type").asString());
    }

    private static String nextOf(BlockingQueue<String> events) {
        try {
            return next(events);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String next(BlockingQueue<String> events) throws InterruptedException {
        return Objects.requireNonNull(events.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
    }

    private Freshet.Reply send(HttpMethod method, String path, @Nullable String body) {
        return get(INSTANCE.send(method, path, body, "Authorization", "Bearer " + token));
    }
}
