package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.RedisServerUnderTest;
import dev.freshet.testing.Stores;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Pages of two instances that share PostgreSQL and Redis. */
class PageCacheTests {

    private static final ParameterizedTypeReference<ServerSentEvent<JsonNode>> EVENT =
            new ParameterizedTypeReference<>() {};

    private static String database;
    private static RedisServerUnderTest redis;
    private static Freshet one;
    private static Freshet two;
    private static LogWriter log;

    @BeforeAll
    static void start() {
        database = Stores.database();
        redis = RedisServerUnderTest.started();
        // Long enough for Redis to respond on a busy machine.
        one = instance(redis, "5s");
        two = instance(redis, "5s");
        log = new LogWriter(one);
    }

    private static Freshet instance(RedisServerUnderTest server, String redisTimeout) {
        return Freshet.start(
                database,
                server.url(),
                Map.of("freshet.samples", "false", "freshet.pages.redis-timeout", redisTimeout));
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        redis.close();
    }

    @AfterEach
    void allowConnections() throws SQLException {
        Stores.allowConnections(database, true);
    }

    @Test
    void pageIsNeverOlderThanAReceivedEvent() {
        // Responses arrive on several threads.
        var seen = new CopyOnWriteArrayList<Long>();
        // The other instance writes, so that only the tail reports the events.
        var otherWriter = new LogWriter(two);
        var writer =
                Flux.range(0, 150).concatMap(i -> otherWriter.publish("Event " + i, i % 3 == 0 ? "other" : "seen"));
        var reader = events(one, "?tag=seen&since=" + end())
                .take(100)
                .flatMap(
                        event -> page(one, "?tag=seen").doOnNext(page -> {
                            var cursor = cursor(event);
                            seen.add(cursor.seq());
                            assertThat(position(page))
                                    .as("page after %s", cursor)
                                    .satisfies(
                                            at -> assertThat(ids(page).contains(id(event)) || at.seq() > cursor.seq())
                                                    .isTrue());
                        }),
                        8);
        get(reader.then().mergeWith(writer.then()).then(Mono.just(true)));
        assertThat(seen).hasSize(100);
    }

    @Test
    void cursorOfAPublishIsAFloorAtEveryInstance() {
        get(page(two, "?tag=floor"));
        for (var i = 0; i < 40; i++) {
            var id = UUID.randomUUID();
            var cursor = get(log.publish(id, "Mine " + i, "floor"));
            assertThat(ids(get(page(two, "?tag=floor&cursor=" + cursor)))).contains(id.toString());
        }
    }

    @Test
    void publisherFindsItsArticleAtTheSameInstanceAtOnce() {
        get(page(one, "?tag=own"));
        for (var i = 0; i < 40; i++) {
            var id = UUID.randomUUID();
            get(log.publish(id, "Own " + i, "own"));
            assertThat(ids(get(page(one, "?tag=own")))).contains(id.toString());
        }
    }

    @Test
    void crowdOfReadersCausesOneReadInTheCluster() {
        assertOneRead(round -> "?tag=crowd&cursor=" + get(log.publish("Round " + round, "crowd")));
    }

    @Test
    void crowdCausesOneReadAfterAFlushOfRedis() {
        get(log.publish("Flushed", "flush"));
        assertOneRead(round -> {
            command(redis, RedisCommands::flushall);
            return "?tag=flush&limit=" + (7 + round);
        });
    }

    /** Each instance reads at most once. In some round, one reads for both; a busy machine may not wait for the other. */
    private static void assertOneRead(IntFunction<String> query) {
        var reads = new ArrayList<Integer>();
        for (var round = 0; round < 4; round++) {
            var path = query.apply(round);
            var beforeOne = reads(one);
            var beforeTwo = reads(two);
            get(Flux.range(0, 1000)
                    .flatMap(i -> page(i % 2 == 0 ? one : two, path), 1000)
                    .then(Mono.just(true)));
            var ofOne = reads(one) - beforeOne;
            var ofTwo = reads(two) - beforeTwo;
            assertThat(List.of(ofOne, ofTwo)).allMatch(each -> each <= 1);
            reads.add(ofOne + ofTwo);
        }
        assertThat(reads).contains(1);
    }

    @Test
    void eventKeepsCachedPagesOfOtherFeeds() {
        get(page(one, "?tag=still"));
        var before = reads(one);
        get(log.publish("Other", "other"));
        var response = get(response(one, "?tag=still"));
        assertThat(response.getHeaders().getFirst("Cache-Status")).isEqualTo("freshet; hit; detail=near");
        assertThat(reads(one)).isEqualTo(before);
    }

    @Test
    void corruptPageInRedis_isIgnored() {
        get(log.publish("Intact", "garbage"));
        get(page(one, "?tag=garbage"));
        command(redis, commands -> {
            var keys = commands.keys("freshet:page:*tag=garbage");
            assertThat(keys).isNotEmpty();
            keys.forEach(key -> commands.set(key, "9f3a01c2-386 12 -\nno gzip"));
        });
        assertThat(titles(get(page(two, "?tag=garbage")))).containsExactly("Intact");
    }

    @Test
    void pagesAreServedIfRedisFails() {
        get(log.publish("Any", "fault"));
        List<Consumer<RedisCommands<String, String>>> faults =
                List.of(commands -> commands.configSet("maxmemory", "1"), commands -> commands.clientPause(2_000));
        try (var faulty = RedisServerUnderTest.started();
                var lone = instance(faulty, "50ms")) {
            for (var fault : faults) {
                command(faulty, fault);
                assertPagesAreFound(lone);
            }
            faulty.kill();
            assertPagesAreFound(lone);
        }
    }

    private static void assertPagesAreFound(Freshet instance) {
        // Each request has another limit, so that no page is cached.
        get(Flux.range(1, 60)
                .concatMap(limit -> page(instance, "?tag=fault&limit=" + limit))
                .doOnNext(page -> assertThat(titles(page)).containsExactly("Any"))
                .then(Mono.just(true)));
    }

    @Test
    void cachedPageIsServedWithItsAgeWithoutPostgres() throws SQLException {
        get(log.publish("Cached", "outage"));
        get(page(one, "?tag=outage"));
        Stores.allowConnections(database, false);
        var response = get(response(one, "?tag=outage")
                .filter(reply -> "freshet; hit; detail=outdated"
                        .equals(reply.getHeaders().getFirst("Cache-Status")))
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(100))));
        assertThat(titles(Objects.requireNonNull(response.getBody()))).containsExactly("Cached");
        assertThat(Long.parseLong(Objects.requireNonNull(response.getHeaders().getFirst(HttpHeaders.AGE))))
                .isGreaterThanOrEqualTo(5);
        Stores.allowConnections(database, true);
        get(response(one, "?tag=outage")
                .filter(reply ->
                        "freshet; hit; detail=near".equals(reply.getHeaders().getFirst("Cache-Status")))
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(100))));
    }

    private static Cursor end() {
        return position(get(page(one, "?limit=1&cursor=" + get(log.publish("End", "end")))));
    }

    private static int reads(Freshet instance) {
        return (int) instance.bean(MeterRegistry.class)
                .get("freshet.page.reads")
                .counter()
                .count();
    }

    private static Mono<JsonNode> page(Freshet instance, String query) {
        return response(instance, query).map(reply -> Objects.requireNonNull(reply.getBody()));
    }

    private static Mono<ResponseEntity<JsonNode>> response(Freshet instance, String query) {
        return instance.client()
                .get()
                .uri(instance.url() + "/api/v1/articles" + query)
                .retrieve()
                .toEntity(JsonNode.class);
    }

    private static Flux<ServerSentEvent<JsonNode>> events(Freshet instance, String query) {
        return instance.client()
                .get()
                .uri(instance.url() + "/api/v1/articles" + query)
                .accept(MediaType.TEXT_EVENT_STREAM)
                .retrieve()
                .bodyToFlux(EVENT)
                .filter(event -> event.data() != null);
    }

    private static Cursor cursor(ServerSentEvent<JsonNode> event) {
        return Objects.requireNonNull(Cursor.parse(Objects.requireNonNull(event.id())));
    }

    private static String id(ServerSentEvent<JsonNode> event) {
        return Objects.requireNonNull(event.data()).path("article").path("id").asString();
    }

    private static Cursor position(JsonNode page) {
        return Objects.requireNonNull(Cursor.parse(page.path("cursor").asString()));
    }

    private static List<String> ids(JsonNode page) {
        return values(page, "id");
    }

    private static List<String> titles(JsonNode page) {
        return values(page, "title");
    }

    private static List<String> values(JsonNode page, String field) {
        var items = page.path("items");
        return IntStream.range(0, items.size())
                .mapToObj(i -> items.get(i).path(field).asString())
                .toList();
    }

    private static void command(RedisServerUnderTest server, Consumer<RedisCommands<String, String>> action) {
        var client = RedisClient.create(server.url());
        try (var connection = client.connect()) {
            action.accept(connection.sync());
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }
}
