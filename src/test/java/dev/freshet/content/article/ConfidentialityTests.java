package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Drafts and withdrawn articles are visible to their owner and editors only, at two instances with Redis. Each version of
 * each article contains a unique word, by which the tests find it.
 */
@Order(1)
class ConfidentialityTests {

    private static final JsonMapper JSON = new JsonMapper();

    private static String redis;
    private static Freshet first;
    private static Freshet second;
    private static UUID admin;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        redis = Stores.redis();
        first = Freshet.start(database, redis, Map.of("freshet.samples", "false"));
        second = Freshet.start(database, redis, Map.of("freshet.samples", "false"));
        admin = first.account("admin", Role.ADMIN);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    private enum Secrecy {
        /** It never was in a published version. */
        NEVER_PUBLIC,
        /** A version of a published article contains it, or did. */
        PUBLIC,
        /** Its article was withdrawn. */
        WITHDRAWN
    }

    /** An article, with the words of its versions. */
    private static final class Story {

        private final String path;
        private final Map<String, Secrecy> words = new LinkedHashMap<>();
        private String newest;
        private boolean published;
        private boolean withdrawn;

        Story(String path, String word) {
            this.path = path;
            this.newest = word;
            words.put(word, Secrecy.NEVER_PUBLIC);
        }

        void changed(String word) {
            newest = word;
            words.put(word, published ? Secrecy.PUBLIC : Secrecy.NEVER_PUBLIC);
        }

        void published() {
            published = true;
            words.put(newest, Secrecy.PUBLIC);
        }

        void withdrawn() {
            withdrawn = true;
            words.replaceAll((word, secrecy) -> secrecy == Secrecy.PUBLIC ? Secrecy.WITHDRAWN : secrecy);
        }

        List<String> words(Secrecy secrecy) {
            return words.entrySet().stream()
                    .filter(entry -> entry.getValue() == secrecy)
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    /** A client that reads every page and has a stream open at each instance. */
    private static final class Reader {

        private final String name;
        private final @Nullable String token;
        private final List<ByteArrayOutputStream> seen = new ArrayList<>();
        private final List<Disposable> streams = new ArrayList<>();

        Reader(String name, @Nullable String token) {
            this.name = name;
            this.token = token;
            for (var instance : List.of(first, second)) {
                open(instance, "format=ndjson&fields=full");
                open(instance, "format=sse");
                open(instance, "format=ndjson&q=hush&fields=full");
                if (token != null) {
                    open(instance, "format=ndjson&fields=full&following=true");
                }
            }
        }

        private void open(Freshet instance, String query) {
            var text = new ByteArrayOutputStream();
            seen.add(text);
            streams.add(bytes(instance, "/api/v1/articles?since=earliest&" + query, token)
                    .subscribe(text::writeBytes, failure -> {}));
        }

        boolean hasSeen(String word) {
            return texts().allMatch(text -> text.contains(word));
        }

        /** Text that each stream has received so far. */
        Stream<String> texts() {
            return seen.stream().map(bytes -> bytes.toString(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void onlyPublishedVersionsAreVisibleWhileRightsChange(long seed) {
        var random = new Random(seed);
        var owner = Api.of(first, "owner" + seed);
        var formerId = first.account("former" + seed, Role.EDITOR);
        var former = first.token(formerId, Scope.of(Role.EDITOR));
        var readers = List.of(
                new Reader("anonymous", null),
                new Reader("reader", follower("reader" + seed, Role.READER)),
                new Reader("other author", follower("other" + seed, Role.AUTHOR)),
                new Reader("former editor", follower(former)));
        var stories = new ArrayList<Story>();
        for (var step = 0; step < 24; step++) {
            var story = stories.isEmpty() ? null : stories.get(random.nextInt(stories.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> stories.add(write(owner, random.nextBoolean() ? "draft" : "scheduled"));
                case 2, 3 -> change(owner, story);
                case 4 -> publish(owner, story);
                default -> withdraw(owner, story);
            }
            if (step == 6) {
                var draft = write(owner, "draft");
                stories.add(draft);
                assertThat(answer(second, draft.path, former)).contains(draft.newest);
                lower(formerId);
                // Another instance knows the account as it was at most a second ago.
                until(() -> !answer(second, draft.path, former).contains(draft.newest));
            }
            if (step % 12 == 11) {
                check(owner, readers, stories);
            }
        }
        readers.forEach(reader -> reader.streams.forEach(Disposable::dispose));
        var words = words(stories, Secrecy.NEVER_PUBLIC);
        assertThat(words).isNotEmpty();
        assertThat(redisHolds())
                .isNotEmpty()
                .allSatisfy(text -> assertThat(words).noneMatch(text::contains));
    }

    @Test
    void streamOfAClosedAccountEndsBeforeLaterEvents() {
        var owner = Api.of(first, "owner of an end");
        var id = first.account("ended", Role.EDITOR);
        var made = JSON.readTree(post(
                "/api/v1/tokens",
                first.token(id, Scope.of(Role.EDITOR)),
                "{\"name\": \"p\", \"scopes\": [\"articles:read\", \"account\"]}"));
        var reader = new Reader("ended", follower(made.path("token").asString()));
        var before = write(owner, "draft");
        publish(owner, before);
        until(() -> reader.hasSeen(before.newest));
        assertThat(status(
                        second,
                        HttpMethod.DELETE,
                        "/api/v1/accounts/" + id,
                        first.token(admin, Scope.of(Role.ADMIN)),
                        null))
                .isEqualTo(204);
        until(() -> reader.streams.stream().allMatch(Disposable::isDisposed));
        assertThat(reader.texts()).allMatch(text -> text.contains("\"reason\":\"revoked\""));
        assertThat(status(first, HttpMethod.GET, "/api/v1/articles?following=true", reader.token, null))
                .isEqualTo(401);
    }

    @Test
    void followedFeedOfOneAccountIsNeverServedToAnother() {
        var owner = Api.of(first, "owner for two");
        var tokens = new ArrayList<String>();
        var words = new ArrayList<String>();
        for (var reader : List.of("one", "two")) {
            var id = first.account(reader, Role.READER);
            tokens.add(first.token(id, Scope.of(Role.READER)));
            assertThat(status(first, HttpMethod.PUT, "/api/v1/following/tag/only-" + reader, tokens.getLast(), null))
                    .isEqualTo(204);
            words.add(word());
            var article = "{\"title\": \"" + words.getLast() + "\", \"tags\": [\"only-" + reader
                    + "\"], \"status\": \"published\"}";
            assertThat(owner.post(article).code()).isEqualTo(201);
        }
        var path = "/api/v1/articles?following=true&since=earliest&follow=false&format=";
        // Sequential and concurrent requests, so that shared or cached content would appear.
        for (var format : List.of("json", "atom", "rss", "json-feed", "sse", "ndjson")) {
            Flux.range(0, 40)
                    .flatMap(
                            number -> {
                                var one = number % 2;
                                return answering(number % 4 < 2 ? first : second, path + format, tokens.get(one))
                                        .doOnNext(answer -> assertThat(answer)
                                                .as(format)
                                                .contains(words.get(one))
                                                .doesNotContain(words.get(1 - one)));
                            },
                            8)
                    .blockLast(TIMEOUT);
            for (var instance : List.of(first, second)) {
                assertThat(status(instance, HttpMethod.GET, path + format, null, null))
                        .as(format)
                        .isEqualTo(401);
            }
        }
    }

    private static void check(Api owner, List<Reader> readers, List<Story> stories) {
        // Once all streams have received it, the instances have followed all events before it.
        var last = write(owner, "draft");
        publish(owner, last);
        stories.add(last);
        for (var reader : readers) {
            until(() -> reader.hasSeen(last.newest));
            var never = words(stories, Secrecy.NEVER_PUBLIC);
            assertThat(reader.texts())
                    .as("streams of %s", reader.name)
                    .noneMatch(text -> never.stream().anyMatch(text::contains));
            var hidden = Stream.of(Secrecy.NEVER_PUBLIC, Secrecy.WITHDRAWN)
                    .flatMap(secrecy -> words(stories, secrecy).stream())
                    .toList();
            for (var instance : List.of(first, second)) {
                for (var way : ways(reader.token != null)) {
                    var answer = answer(instance, way, reader.token);
                    assertThat(hidden).as("%s as %s", way, reader.name).noneMatch(answer::contains);
                    assertThat(answer).as("%s as %s", way, reader.name).contains(last.newest);
                }
                for (var story : stories) {
                    var id = story.path.substring(story.path.lastIndexOf('/') + 1);
                    for (var way : List.of(story.path, "/articles/" + id, "/articles/" + id + "/" + story.newest)) {
                        // A response may repeat the slug of its request.
                        var answer = answer(instance, way, reader.token).replace("/" + story.newest, "");
                        assertThat(hidden).as("%s as %s", way, reader.name).noneMatch(answer::contains);
                    }
                }
            }
        }
        // Permitted readers do receive the secrets.
        stories.stream()
                .filter(story -> !story.published && !story.withdrawn)
                .forEach(story -> assertThat(owner.read(story.path).body()).contains(story.newest));
    }

    /** All responses with many articles; each contains the newest ones. */
    private static List<String> ways(boolean signedIn) {
        var ways = new ArrayList<String>();
        for (var filter : List.of("", "&tag=hush", "&author=Hush", "&source=hush", "&q=hush")) {
            for (var format : List.of("json", "atom", "rss", "json-feed")) {
                ways.add("/api/v1/articles?fields=full&limit=200&format=" + format + filter);
            }
            for (var format : List.of("sse", "ndjson")) {
                ways.add("/api/v1/articles?fields=full&since=earliest&follow=false&format=" + format + filter);
            }
            ways.add("/?x=y" + filter);
        }
        if (signedIn) {
            for (var format : List.of("json", "atom", "rss", "json-feed", "sse&follow=false", "ndjson&follow=false")) {
                ways.add("/api/v1/articles?fields=full&limit=200&following=true&since=earliest&format=" + format);
            }
        }
        ways.add("/api/v1/feeds?limit=1000");
        ways.add("/api/v1/feeds?limit=1000&format=opml");
        return ways;
    }

    private static Story write(Api owner, String status) {
        var word = word();
        var reply = owner.post(content(word)
                .replace(
                        "}",
                        ",\"status\":\"" + status + "\""
                                + (status.equals("scheduled") ? ",\"publishedAt\":\"2099-01-01T00:00:00Z\"" : "")
                                + "}"));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return new Story(Objects.requireNonNull(reply.headers().getFirst("Location")), word);
    }

    private static void change(Api owner, @Nullable Story story) {
        if (story != null && !story.withdrawn) {
            var word = word();
            var reply = owner.patch(story.path, "*", content(word));
            assertThat(reply.code()).as(reply.body()).isEqualTo(200);
            story.changed(word);
        }
    }

    private static void publish(Api owner, @Nullable Story story) {
        if (story != null && !story.published && !story.withdrawn) {
            assertThat(owner.publish(story.path, "*").code()).isEqualTo(200);
            story.published();
        }
    }

    private static void withdraw(Api owner, @Nullable Story story) {
        if (story != null && !story.withdrawn) {
            assertThat(owner.delete(story.path, "*").code()).isEqualTo(204);
            story.withdrawn();
        }
    }

    /** Puts the word into each text of an article; fields that filters select are equal in all. */
    private static String content(String word) {
        return """
                {"title": "%1$s", "slug": "%1$s", "summary": "%1$s", "body": "hush %1$s", "tags": ["hush", "%1$s"],
                "author": "Hush", "source": "hush", "canonicalUrl": "https://hush.example/%1$s"}""".formatted(word);
    }

    private static String word() {
        return "w" + UUID.randomUUID().toString().replace("-", "");
    }

    private static List<String> words(List<Story> stories, Secrecy secrecy) {
        return stories.stream().flatMap(story -> story.words(secrecy).stream()).toList();
    }

    /** Returns all content of Redis, with pages decompressed. */
    private static List<String> redisHolds() {
        var client = RedisClient.create(redis);
        try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
            var commands = connection.sync();
            var all = new ArrayList<String>();
            for (var key : commands.keys("*")) {
                if (commands.type(key).equals("stream")) {
                    commands.xrange(key, Range.unbounded())
                            .forEach(entry -> entry.getBody().values().forEach(value -> all.add(text(value))));
                } else if (commands.type(key).equals("string")) {
                    all.add(text(Objects.requireNonNull(commands.get(key))));
                }
            }
            return all;
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    private static String text(byte[] value) {
        for (var begin = 0; begin + 1 < value.length; begin++) {
            if (value[begin] == 0x1f && value[begin + 1] == (byte) 0x8b) {
                try (var stream =
                        new GZIPInputStream(new ByteArrayInputStream(Arrays.copyOfRange(value, begin, value.length)))) {
                    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    // Not compressed after all.
                }
            }
        }
        return new String(value, StandardCharsets.UTF_8);
    }

    private static String follower(String name, Role role) {
        var id = first.account(name, role);
        return follower(first.token(id, Scope.of(role)));
    }

    /** Token of an account that follows all names of the secret articles. */
    private static String follower(String token) {
        for (var what : List.of("tag/hush", "author/Hush", "source/hush")) {
            assertThat(status(first, HttpMethod.PUT, "/api/v1/following/" + what, token, null))
                    .isEqualTo(204);
        }
        return token;
    }

    private static void lower(UUID account) {
        assertThat(status(
                        first,
                        HttpMethod.PATCH,
                        "/api/v1/accounts/" + account,
                        first.token(admin, Scope.of(Role.ADMIN)),
                        "{\"role\": \"reader\"}"))
                .isEqualTo(200);
    }

    private static int status(
            Freshet instance, HttpMethod method, String path, @Nullable String token, @Nullable String body) {
        return Freshet.get(request(instance, method, path, token, body)
                .exchangeToMono(response ->
                        response.releaseBody().thenReturn(response.statusCode().value())));
    }

    private static String post(String path, String token, String body) {
        return Freshet.get(request(first, HttpMethod.POST, path, token, body)
                .exchangeToMono(response -> response.bodyToMono(String.class)));
    }

    private static String answer(Freshet instance, String path, @Nullable String token) {
        return Freshet.get(answering(instance, path, token));
    }

    /** Repeats a request that a busy instance answers with an outdated page, marked as such. */
    private static Mono<String> answering(Freshet instance, String path, @Nullable String token) {
        return request(instance, HttpMethod.GET, path, token, null)
                .exchangeToMono(response -> response.bodyToMono(String.class)
                        .defaultIfEmpty("")
                        .filter(body -> response.headers().header("Cache-Status").stream()
                                .noneMatch(status -> status.contains("outdated"))))
                .repeatWhenEmpty(repeats -> repeats.delayElements(Duration.ofMillis(100)));
    }

    private static Flux<byte[]> bytes(Freshet instance, String path, @Nullable String token) {
        return request(instance, HttpMethod.GET, path, token, null)
                .exchangeToFlux(response -> response.bodyToFlux(byte[].class));
    }

    private static WebClient.RequestHeadersSpec<?> request(
            Freshet instance, HttpMethod method, String path, @Nullable String token, @Nullable String body) {
        var request = instance.client()
                .method(method)
                .uri(URI.create(instance.url() + path))
                .headers(headers -> {
                    if (token != null) {
                        headers.setBearerAuth(token);
                    }
                });
        return body == null
                ? request
                : request.contentType(MediaType.APPLICATION_JSON).bodyValue(body);
    }
}
