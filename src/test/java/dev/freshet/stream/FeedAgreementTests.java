package dev.freshet.stream;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.feed.Languages;
import dev.freshet.feed.NameSet;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Random changes of articles arrive alike in live streams, in a replay from memory and in a replay from the log. The second
 * instance has a small ring.
 */
@Timeout(600)
class FeedAgreementTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int CHANGES = 150;
    private static final int ARTICLES = 12;
    private static final List<String> WORDS = List.of("herons", "otter", "gauge", "mill");
    private static final List<String> TAGS = List.of("a", "b", "c", "muted");
    private static final List<String> LANGUAGES = List.of("de", "en-GB", "en");
    private static final List<String> AUTHORS = List.of("Ann", "Bo");

    private static Freshet large;
    private static Freshet small;
    private static String token;
    private static String readerToken;
    private static Map<String, Feed> feeds;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        large = Freshet.start(database, "", Map.of("freshet.samples", "false"));
        small = Freshet.start(
                database,
                "",
                Map.of(
                        "freshet.samples", "false",
                        "freshet.stream.ring-events", "16",
                        "freshet.stream.catch-up-events", "8"));
        token = large.token(Role.AUTHOR);
        var reader = large.account("reader", Role.READER);
        readerToken = large.token(reader, Scope.of(Role.READER));
        for (var name : List.of("tag/a", "tag/c", "author/Bo")) {
            get(large.send(
                    HttpMethod.PUT, "/api/v1/following/" + name, null, "Authorization", "Bearer " + readerToken));
        }
        get(large.send(HttpMethod.PUT, "/api/v1/muted/tag/muted", null, "Authorization", "Bearer " + readerToken));
        get(large.send(
                HttpMethod.PUT,
                "/api/v1/following/search/mills",
                "{\"q\": \"title:mill or otter gauge\"}",
                "Authorization",
                "Bearer " + readerToken));
        feeds = feeds(reader);
    }

    @AfterAll
    static void stop() {
        small.close();
        large.close();
    }

    private static Map<String, Feed> feeds(UUID reader) {
        var feeds = new LinkedHashMap<String, Feed>();
        for (var q : List.of(
                "heron",
                "heron otter",
                "heron or otter",
                "heron -otter",
                "\"otter gauge\"",
                "title:heron",
                "title:\"otter gauge\" or mill",
                "gau*",
                "-title:mil* heron",
                "absent")) {
            feeds.put("q=" + q, new Feed(null, null, null, q));
        }
        feeds.put("q=heron&tag=a", new Feed("a", null, null, "heron"));
        feeds.put(
                "q=mill&tag=a&tag=b",
                new Feed(List.of("a", "b"), List.of(), List.of(), "mill", null, NameSet.NONE, Languages.ALL));
        feeds.put("following=true", Feed.ALL.followedBy(reader));
        feeds.put("following=true&tag=b", new Feed("b", null, null, null).followedBy(reader));
        feeds.put("following=true&q=heron", new Feed(null, null, null, "heron").followedBy(reader));
        feeds.put("not.tag=a", Feed.ALL.without(new NameSet(List.of("a"), List.of(), List.of())));
        feeds.put(
                "q=heron&not.tag=a&not.tag=b&not.author=ann",
                new Feed(null, null, null, "heron").without(new NameSet(List.of("a", "b"), List.of("ann"), List.of())));
        feeds.put(
                "following=true&not.tag=b",
                Feed.ALL.followedBy(reader).without(new NameSet(List.of("b"), List.of(), List.of())));
        feeds.put("language=en", Feed.ALL.in(new Languages(List.of("en"), List.of())));
        feeds.put(
                "language=en-GB&language=de&q=heron",
                new Feed(null, null, null, "heron").in(new Languages(List.of("en-GB", "de"), List.of())));
        feeds.put(
                "following=true&not.language=de",
                Feed.ALL.followedBy(reader).in(new Languages(List.of(), List.of("de"))));
        feeds.put("tag=c", new Feed("c", null, null, null));
        feeds.put(
                "tag=b&tag=c",
                new Feed(List.of("b", "c"), List.of(), List.of(), null, null, NameSet.NONE, Languages.ALL));
        return feeds;
    }

    @Test
    void liveStreamsReplayAndLogAgree() {
        var start = extent().end();
        var streams = new ArrayList<Disposable>();
        try {
            var live = new LinkedHashMap<String, List<String>>();
            for (var instance : List.of(large, small)) {
                for (var feed : feeds.keySet()) {
                    var events = new CopyOnWriteArrayList<String>();
                    live.put(feed + " at " + instance.port(), events);
                    streams.add(events(instance, feed + "&announce=true&since=" + start)
                            .subscribe(events::add));
                }
            }
            until(() -> live.values().stream().allMatch(events -> events.equals(List.of("live"))));
            var reads = reads(large);
            new RandomChanges(20_261_129).run(CHANGES);
            var end = extent().end();
            var expected = feeds.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, feed -> log(feed.getValue(), start, end)));
            assertThat(expected.values().stream().mapToInt(List::size).sum()).isGreaterThan(2 * CHANGES);
            for (var feed : feeds.keySet()) {
                for (var instance : List.of(large, small)) {
                    var events = Objects.requireNonNull(live.get(feed + " at " + instance.port()));
                    var wanted = Objects.requireNonNull(expected.get(feed));
                    until(() -> events.size() > wanted.size());
                    assertThat(events.subList(1, events.size()))
                            .as("live: " + feed)
                            .isEqualTo(wanted);
                }
            }
            for (var feed : feeds.keySet()) {
                assertThat(replay(large, feed, start))
                        .as("from memory: " + feed)
                        .isEqualTo(expected.get(feed));
            }
            // One read of words serves all streams.
            assertThat(reads(large)).isEqualTo(reads);
            var readsOfSmall = reads(small);
            for (var feed : feeds.keySet()) {
                assertThat(replay(small, feed, start))
                        .as("from the log: " + feed)
                        .isEqualTo(expected.get(feed));
            }
            assertThat(reads(small)).isGreaterThan(readsOfSmall);
        } finally {
            streams.forEach(Disposable::dispose);
        }
    }

    private static List<String> replay(Freshet instance, String feed, Cursor start) {
        return get(events(instance, feed + "&follow=false&since=" + start).collectList());
    }

    private static List<String> log(Feed feed, Cursor start, Cursor end) {
        var selected = large.bean(FeedLog.class)
                .select(start.seq(), end.seq(), Integer.MAX_VALUE, feed.condition(), false)
                .map(event -> event.entry().seq() + " "
                        + (event.leaves() ? EventType.WITHDRAWN : event.entry().type()));
        return get(selected.collectList());
    }

    /** Returns each event as its seq and type, and each notice as its type. */
    private static Flux<String> events(Freshet instance, String query) {
        return instance.client()
                .get()
                .uri(URI.create(instance.url() + "/api/v1/articles?"
                        + query.replace(" ", "+").replace("\"", "%22")))
                .accept(MediaType.APPLICATION_NDJSON)
                .headers(headers -> headers.setBearerAuth(readerToken))
                .retrieve()
                .bodyToFlux(String.class)
                .filter(line -> !line.isBlank())
                .map(JSON::readTree)
                .map(FeedAgreementTests::event);
    }

    private static String event(JsonNode line) {
        var type = line.path("type").asString();
        return type.startsWith("article.")
                ? Objects.requireNonNull(Cursor.parse(line.path("cursor").asString()))
                                .seq() + " " + type
                : type;
    }

    private static Extent extent() {
        return get(large.bean(FeedLog.class).extent());
    }

    private static double reads(Freshet instance) {
        return instance.bean(MeterRegistry.class)
                .get("freshet.catchup.reads")
                .counter()
                .count();
    }

    /** Publishes, changes and withdraws articles at both instances in turn. */
    private static final class RandomChanges {

        private final Random random;
        private final List<String> articles = new ArrayList<>();

        RandomChanges(long seed) {
            random = new Random(seed);
        }

        void run(int count) {
            for (var i = 0; i < count; i++) {
                change(i % 2 == 0 ? large : small);
            }
        }

        private void change(Freshet instance) {
            var choice = random.nextInt(10);
            if (articles.isEmpty() || (choice < 4 && articles.size() < ARTICLES)) {
                var reply = send(instance, HttpMethod.POST, "/api/v1/articles", json(true));
                articles.add(Objects.requireNonNull(reply.headers().getFirst("Location")));
            } else if (choice < 9) {
                send(instance, HttpMethod.PATCH, articles.get(random.nextInt(articles.size())), json(false));
            } else {
                send(instance, HttpMethod.DELETE, articles.remove(random.nextInt(articles.size())), null);
            }
        }

        private static Freshet.Reply send(Freshet instance, HttpMethod method, String path, @Nullable String body) {
            var type = method.equals(HttpMethod.PATCH) ? "application/merge-patch+json" : "application/json";
            var reply = Freshet.get(instance.send(
                    method, path, body, "Authorization", "Bearer " + token, "Content-Type", type, "If-Match", "*"));
            assertThat(reply.status().is2xxSuccessful()).as(reply.body()).isTrue();
            return reply;
        }

        private String json(boolean complete) {
            var fields = new LinkedHashMap<String, Object>();
            add(fields, complete, "title", () -> "About " + words());
            add(fields, complete, "summary", this::words);
            add(fields, complete, "body", this::words);
            add(
                    fields,
                    complete,
                    "tags",
                    () -> TAGS.stream().filter(tag -> random.nextBoolean()).toList());
            add(fields, complete, "author", () -> AUTHORS.get(random.nextInt(AUTHORS.size())));
            add(fields, complete, "language", () -> LANGUAGES.get(random.nextInt(LANGUAGES.size())));
            if (complete) {
                fields.put("status", "published");
            }
            return JSON.writeValueAsString(fields);
        }

        private void add(Map<String, Object> fields, boolean complete, String name, Supplier<Object> value) {
            if (complete || random.nextBoolean()) {
                fields.put(name, value.get());
            }
        }

        private String words() {
            return IntStream.range(0, random.nextInt(4))
                    .mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())))
                    .collect(Collectors.joining(" "));
        }
    }
}
