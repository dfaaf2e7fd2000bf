package dev.freshet.feed;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Followed feeds as pages and as streams, at two instances. */
class FollowingTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FEED = "/api/v1/articles?following=true";

    private static Freshet first;
    private static Freshet second;
    private static LogWriter log;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        first = Freshet.start(database, "", Map.of("freshet.samples", "false"));
        second = Freshet.start(database, "", Map.of("freshet.samples", "false"));
        log = new LogWriter(first);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void pageContainsFollowedArticlesOnly() {
        var token = reader();
        var other = reader();
        get(log.publish("Followed", "page-one"));
        get(log.publish("Not followed", "page-two"));
        assertThat(titles(FEED, token)).isEmpty();
        follow(token, "tag", "PAGE-one");
        follow(other, "tag", "page-two");
        for (var i = 0; i < 2; i++) {
            assertThat(titles(FEED, token)).containsExactly("Followed");
            assertThat(titles(FEED, other)).containsExactly("Not followed");
        }
        assertThat(titles(FEED + "&tag=page-two", token)).isEmpty();
        assertThat(titles(FEED + "&q=followed", token)).containsExactly("Followed");
        assertThat(titles(FEED + "&author=Ann", token)).containsExactly("Followed");
        follow(token, "author", "Ann");
        assertThat(titles(FEED + "&tag=page-two", token)).containsExactly("Not followed");
        var listed = send(second, HttpMethod.GET, "/api/v1/following", token).getBody();
        assertThat(listed).contains("\"page-one\"", "\"Ann\"").doesNotContain("page-two");
        assertThat(send(second, HttpMethod.DELETE, "/api/v1/following/author/Ann", token)
                        .getStatusCode()
                        .value())
                .isEqualTo(204);
        assertThat(titles(FEED, token)).containsExactly("Followed");
    }

    @Test
    void mutedNamesAreLeftOutOfTheFollowedFeedAlone() {
        var token = reader();
        follow(token, "tag", "loud");
        get(log.publish("Quiet", "loud"));
        assertThat(titles(FEED, token)).containsExactly("Quiet");
        for (var name : List.of("tag/LOUD", "author/ann", "source/Test")) {
            mute(HttpMethod.PUT, name, token);
            assertThat(titles(FEED, token)).as(name).isEmpty();
            assertThat(titles(FEED + "&q=quiet", token)).as(name).isEmpty();
            assertThat(titles("/api/v1/articles?tag=loud", token)).as(name).containsExactly("Quiet");
            assertThat(send(second, HttpMethod.GET, "/api/v1/muted", token).getBody())
                    .containsIgnoringCase("\"name\":\"" + name.substring(name.indexOf('/') + 1));
            mute(HttpMethod.DELETE, name, token);
        }
        assertThat(titles(FEED, token)).containsExactly("Quiet");
    }

    private static void mute(HttpMethod method, String name, String token) {
        assertThat(send(first, method, "/api/v1/muted/" + name, token)
                        .getStatusCode()
                        .value())
                .isEqualTo(204);
    }

    @Test
    void openStreamLeavesOutMutedNamesFromNowOn() throws InterruptedException {
        var token = reader();
        follow(token, "tag", "open-a");
        follow(token, "tag", "open-b");
        BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
        var stream = second.client()
                .get()
                .uri(FEED + "&announce=true")
                .accept(MediaType.APPLICATION_NDJSON)
                .headers(headers -> headers.setBearerAuth(token))
                .retrieve()
                .bodyToFlux(String.class)
                .filter(line -> !line.isBlank())
                .map(JSON::readTree)
                .subscribe(events::add);
        try {
            assertThat(next(events).path("type").asString()).isEqualTo("live");
            get(log.publish("Loud", "open-b"));
            assertThat(title(events)).isEqualTo("Loud");
            mute(HttpMethod.PUT, "tag/open-b", token);
            // The other instance reads the change soon.
            until(() -> {
                get(log.publish("Muted", "open-b"));
                get(log.publish("Heard", "open-a"));
                var muted = nextTitle(events).equals("Heard");
                return muted || !nextTitle(events).equals("Heard");
            });
            mute(HttpMethod.DELETE, "tag/open-b", token);
            until(() -> {
                get(log.publish("Loud again", "open-b"));
                get(log.publish("Heard", "open-a"));
                return nextTitle(events).equals("Loud again")
                        && nextTitle(events).equals("Heard");
            });
        } finally {
            stream.dispose();
        }
    }

    private static JsonNode next(BlockingQueue<JsonNode> events) throws InterruptedException {
        return Objects.requireNonNull(events.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void pagesTogetherHaveEachArticleOnceInOrder() {
        var token = reader();
        follow(token, "tag", "many-a");
        follow(token, "tag", "many-b");
        follow(token, "source", "nowhere");
        get(log.publishAll(30, "many-a"));
        get(log.publishAll(30, "many-b"));
        // Has two followed tags, so it matches twice.
        get(first.bean(DatabaseClient.class)
                .sql("update article set tags = '{many-a,many-b}' where tags = '{many-b}'")
                .fetch()
                .rowsUpdated());
        var ids = new ArrayList<String>();
        var times = new ArrayList<Instant>();
        @Nullable String next = FEED + "&limit=7";
        while (next != null) {
            var page = JSON.readTree(Objects.requireNonNull(
                    send(second, HttpMethod.GET, next, token).getBody()));
            page.path("items").forEach(item -> {
                ids.add(item.path("id").asString());
                times.add(Instant.parse(item.path("publishedAt").asString()));
            });
            next = page.path("next").asString(null);
        }
        assertThat(ids).hasSize(60).doesNotHaveDuplicates();
        assertThat(times).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void followedPageIsPrivateAndNotStored() {
        var token = reader();
        follow(token, "tag", "private");
        var answer = send(first, HttpMethod.GET, FEED, token);
        assertThat(answer.getHeaders().getCacheControl()).isEqualTo("private, no-store");
        assertThat(answer.getHeaders().getETag()).isNull();
        assertThat(answer.getHeaders().getFirst("CDN-Cache-Control")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "sse", "ndjson", "atom", "rss", "json-feed"})
    void followedFeedNeedsASignedInReader(String format) {
        var path = FEED + "&format=" + format;
        var anonymous = send(first, HttpMethod.GET, path, null);
        assertThat(anonymous.getStatusCode().value()).isEqualTo(401);
        assertThat(anonymous.getHeaders().getFirst("WWW-Authenticate")).isEqualTo("Bearer realm=\"freshet\"");
        var writer = token(account(), Scope.OPS);
        var refused = send(first, HttpMethod.GET, path, writer);
        assertThat(refused.getStatusCode().value()).isEqualTo(403);
        assertThat(refused.getHeaders().getFirst("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"freshet\", error=\"insufficient_scope\", scope=\"articles:read\"");
        assertThat(send(first, HttpMethod.GET, FEED.replace("true", "maybe"), null)
                        .getStatusCode()
                        .value())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/following/title/x", "/api/v1/following/tag/%20", "/api/v1/following/tag/%00"})
    void invalidNameIsNotFollowed(String path) {
        assertThat(send(first, HttpMethod.PUT, path, reader()).getStatusCode().value())
                .isEqualTo(400);
    }

    @Test
    void accountFollowsAtMostThousandNames() {
        var account = account();
        var token = token(account, Scope.ACCOUNT);
        get(first.bean(DatabaseClient.class)
                .sql("insert into following (account, kind, name) select :account, 'tag', 't' || n"
                        + " from generate_series(1, 1000) n")
                .bind("account", account)
                .fetch()
                .rowsUpdated());
        assertThat(send(first, HttpMethod.PUT, "/api/v1/following/tag/more", token)
                        .getStatusCode()
                        .value())
                .isEqualTo(400);
        assertThat(send(first, HttpMethod.PUT, "/api/v1/following/tag/t1", token)
                        .getStatusCode()
                        .value())
                .isEqualTo(204);
    }

    @Test
    void streamIncludesNewlyFollowedNamesAlsoInReplay() throws InterruptedException {
        var token = reader();
        follow(token, "tag", "stream-a");
        var id = UUID.randomUUID();
        get(log.publish("Before", "stream-b"));
        get(log.publish(id, "First", "stream-a"));
        BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
        var stream = second.client()
                .get()
                .uri(FEED + "&since=earliest")
                .accept(MediaType.APPLICATION_NDJSON)
                .headers(headers -> headers.setBearerAuth(token))
                .retrieve()
                .bodyToFlux(String.class)
                .filter(line -> !line.isBlank())
                .map(JSON::readTree)
                .subscribe(events::add);
        try {
            assertThat(title(events)).isEqualTo("First");
            get(log.publish("Of others", "stream-b"));
            get(log.publish("Second", "stream-a"));
            assertThat(title(events)).isEqualTo("Second");
            follow(token, "tag", "stream-b");
            // The other instance reads the change soon.
            until(() -> {
                get(log.publish("Third", "stream-b"));
                get(log.publish("Fourth", "stream-a"));
                return nextTitle(events).equals("Third") && nextTitle(events).equals("Fourth");
            });
            send(first, HttpMethod.DELETE, "/api/v1/following/tag/stream-b", token);
            until(() -> {
                get(log.publish("Of others again", "stream-b"));
                get(log.publish("Fifth", "stream-a"));
                // While the other instance delivers both, there are two to take.
                return nextTitle(events).equals("Fifth") || nextTitle(events).equals("Of others again");
            });
            get(log.publish("Of others again", "stream-b"));
            get(log.withdraw(id, "stream-a"));
            var last = next(events);
            assertThat(last.path("type").asString()).isEqualTo("article.withdrawn");
            assertThat(last.path("article").path("id").asString()).isEqualTo(id.toString());
        } finally {
            stream.dispose();
        }
    }

    private static String nextTitle(BlockingQueue<JsonNode> events) {
        try {
            return title(events);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String title(BlockingQueue<JsonNode> events) throws InterruptedException {
        return next(events).path("article").path("title").asString();
    }

    private static List<String> titles(String path, String token) {
        var items = JSON.readTree(Objects.requireNonNull(
                        send(second, HttpMethod.GET, path, token).getBody()))
                .path("items");
        return IntStream.range(0, items.size())
                .mapToObj(i -> items.get(i).path("title").asString())
                .toList();
    }

    private static void follow(String token, String kind, String name) {
        assertThat(send(first, HttpMethod.PUT, "/api/v1/following/" + kind + "/" + name, token)
                        .getStatusCode()
                        .value())
                .isEqualTo(204);
    }

    private static String reader() {
        return token(account(), Scope.ARTICLES_READ, Scope.ACCOUNT);
    }

    private static UUID account() {
        var id = UUID.randomUUID();
        get(first.bean(Accounts.class).create(id, "reader " + id, null, Role.READER.toString()));
        return id;
    }

    private static String token(UUID account, Scope... scopes) {
        return get(first.bean(Tokens.class).issue(account, Set.of(scopes), Duration.ofMinutes(10), UUID.randomUUID()));
    }

    private static ResponseEntity<String> send(
            Freshet instance, HttpMethod method, String path, @Nullable String token) {
        return get(instance.client()
                .method(method)
                .uri(URI.create(instance.url() + path))
                .headers(headers -> {
                    if (token != null) {
                        headers.setBearerAuth(token);
                    }
                })
                .exchangeToMono(response -> response.toEntity(String.class)));
    }
}
