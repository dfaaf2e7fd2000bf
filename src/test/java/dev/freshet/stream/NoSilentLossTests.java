package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.RedisServerUnderTest;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Invariants 1 to 4: whatever happens, each subscriber's sequence equals the log's from where it began, exactly. The
 * rings are small, so that catch-up reads the feed log.
 */
@Order(1)
@Timeout(600)
class NoSilentLossTests {

    private static final Map<String, String> SMALL_RING = Map.of(
            "freshet.samples", "false",
            "freshet.stream.ring-events", "32",
            "freshet.stream.catch-up-events", "16",
            "freshet.tail.copies", "64");

    @Test
    void randomSubscribersReceiveTheLogExactly() {
        var random = new Random(42);
        var database = Stores.database();
        var redis = Stores.redis();
        try (var one = Freshet.start(database, redis, SMALL_RING);
                var two = Freshet.start(database, redis, SMALL_RING)) {
            var instances = List.of(one, two);
            var writers = List.of(new LogWriter(one), new LogWriter(two));
            var start = end(one);
            var readers = new ArrayList<Reader>();
            // 32 at once: most commit, some roll back, some hold their transaction open for a while.
            var publishing = Flux.range(0, 640)
                    .flatMap(
                            i -> {
                                var writer = writers.get(i % 2);
                                return switch (i % 8) {
                                    case 3 -> writer.publishAndRollBack("many");
                                    case 5 -> writer.publishAll(3, "many").then();
                                    case 7 ->
                                        holdOpen(instances.get(i % 2))
                                                .then(writer.publish("Held", "many"))
                                                .then();
                                    default ->
                                        writer.publish("Plain " + i, "many").then();
                                };
                            },
                            32);
            var joining = Flux.range(0, 24)
                    .concatMap(i -> Mono.delay(Duration.ofMillis(random.nextInt(60)))
                            .then(one.bean(FeedLog.class).extent())
                            .doOnNext(extent -> {
                                var from = start.seq() + random.nextLong(extent.last() - start.seq() + 1);
                                var instance = instances.get(i % 2);
                                readers.add(Reader.open(() -> instance, "", new Cursor(start.epoch(), from)));
                            }));
            Mono.when(publishing, joining).block(TIMEOUT);
            var last = end(one);
            assertThat(last.seq() - start.seq()).isEqualTo(80 * 5 + 80 * 3 + 80);
            readers.forEach(reader -> assertExact(reader, last));
        }
    }

    /** A slow transaction that reads the log and then rolls back. */
    private static Mono<Void> holdOpen(Freshet instance) {
        return instance.bean(TransactionalOperator.class)
                .execute(status -> instance.bean(DatabaseClient.class)
                        .sql("select pg_sleep(0.02) from feed_log limit 1")
                        .then()
                        .doOnSuccess(done -> status.setRollbackOnly()))
                .then();
    }

    @Test
    void redisFailuresDuringAStreamLoseNoEvents() {
        try (var redis = RedisServerUnderTest.started();
                var one = Freshet.start(Stores.database(), redis.url(), SMALL_RING);
                var reader = Reader.open(() -> one, "", end(one))) {
            var writer = new LogWriter(one);
            publish(writer, 40);
            redis.kill();
            publish(writer, 40);
            redis.start();
            publish(writer, 40);
            one.bean(ReactiveStringRedisTemplate.class)
                    .execute(connection -> connection.serverCommands().flushAll())
                    .onErrorComplete()
                    .then()
                    .block(TIMEOUT);
            assertExact(reader, publish(writer, 40));
        }
    }

    @Test
    void silentRedisDelaysNoDelivery() {
        // A delivery that waits for one command of Redis exceeds the time limit of this test.
        var settings = new HashMap<>(SMALL_RING);
        settings.put("freshet.redis.timeout", "1m");
        var timeLimit = Duration.ofSeconds(45);
        try (var redis = RedisServerUnderTest.started();
                var one = Freshet.start(Stores.database(), redis.url(), settings);
                var reader = Reader.open(() -> one, "", end(one))) {
            var writer = new LogWriter(one);
            reader.reached(publish(writer, 5)).block(TIMEOUT);
            redis.suspend();
            Flux.range(0, 5)
                    .concatMap(i -> writer.publish("Silent " + i, "faults").flatMap(reader::reached))
                    .then()
                    .block(timeLimit);
            assertExact(reader, end(one));
            redis.kill();
        }
    }

    @Test
    void cutListeningConnectionLosesNoEvents() {
        try (var one = Freshet.start(Stores.database(), "", SMALL_RING);
                var reader = Reader.open(() -> one, "", end(one))) {
            var writer = new LogWriter(one);
            publish(writer, 10);
            for (var i = 0; i < 3; i++) {
                var cut = one.bean(DatabaseClient.class)
                        .sql("""
                                select count(pg_terminate_backend(pid)) from pg_stat_activity
                                where datname = current_database() and query ilike 'listen %'""")
                        .mapValue(Long.class)
                        .one()
                        .repeatWhen(times -> times.delayElements(Duration.ofMillis(20)))
                        .filter(count -> count > 0)
                        .blockFirst(TIMEOUT);
                assertThat(cut).isEqualTo(1);
                publish(writer, 10);
            }
            assertExact(reader, publish(writer, 10));
        }
    }

    @Test
    void eventsOfACrashedInstanceAreReadFromTheLog() {
        var database = Stores.database();
        var redis = Stores.redis();
        try (var one = Freshet.start(database, redis, SMALL_RING);
                var two = Freshet.start(database, redis, SMALL_RING);
                var reader = Reader.open(() -> two, "", end(two))) {
            publish(new LogWriter(one), 5);
            // As if an instance died right after its commit, and with it every hint: no NOTIFY, no copy in Redis.
            one.bean(DatabaseClient.class).sql("""
                            with tick as (update feed_clock set seq = seq + 1 returning seq, at)
                            insert into feed_log (seq, at, type, article_id, tags, author, source, article)
                            select tick.seq, tick.at, 'article.published', gen_random_uuid(), '{}', 'Ann', 'test', '{}'
                            from tick""").fetch().rowsUpdated().block(TIMEOUT);
            assertExact(reader, end(one));
            assertExact(reader, publish(new LogWriter(two), 5));
        }
    }

    @Test
    void subscribersResumeAtTheOtherInstanceAfterACrash() {
        var database = Stores.database();
        var redis = Stores.redis();
        var one = Freshet.start(database, redis, SMALL_RING);
        try (var two = Freshet.start(database, redis, SMALL_RING)) {
            var current = new AtomicReference<>(one);
            Supplier<Freshet> instances = () -> Objects.requireNonNull(current.get());
            try (var reader = Reader.open(instances, "", end(one))) {
                publish(new LogWriter(one), 50);
                current.set(two);
                one.close();
                publish(new LogWriter(two), 50);
                try (var three = Freshet.start(database, redis, SMALL_RING)) {
                    assertExact(reader, publish(new LogWriter(three), 50));
                }
            }
        } finally {
            one.close();
        }
    }

    @Test
    void restoreStartsANewEpochAndResetsStreams() {
        var database = Stores.database();
        var redis = Stores.redis();
        try (var one = Freshet.start(database, redis, SMALL_RING);
                var reader = Reader.open(() -> one, "", end(one))) {
            var writer = new LogWriter(one);
            var lost = publish(writer, 20);
            reader.reached(lost).block(TIMEOUT);
            one.bean(DatabaseClient.class).sql("""
                            with gone as (delete from feed_log where seq > (select seq - 10 from feed_clock))
                            update feed_clock set seq = seq - 10""").then().block(TIMEOUT);
            until(() -> reader.resets() > 0);
            var renewed = end(one);
            assertThat(renewed.epoch()).isNotEqualTo(lost.epoch());
            var last = publish(writer, 5);
            reader.reached(last).block(TIMEOUT);
            assertThat(reader.seqs().subList(20, reader.seqs().size()))
                    .containsExactlyElementsOf(LongStream.rangeClosed(last.seq() - 4, last.seq())
                            .boxed()
                            .toList());
        }
    }

    @Test
    void prunedHistoryCausesAReset() {
        try (var one = Freshet.start(Stores.database(), "", SMALL_RING)) {
            var writer = new LogWriter(one);
            var start = end(one);
            publish(writer, 50);
            one.bean(DatabaseClient.class)
                    .sql("delete from feed_log where seq <= 10")
                    .then()
                    .block(TIMEOUT);
            try (var late = Reader.open(() -> one, "", new Cursor(start.epoch(), 5));
                    var reader = Reader.open(() -> one, "", new Cursor(start.epoch(), 10))) {
                assertExact(reader, publish(writer, 5));
                until(() -> late.resets() == 1);
            }
        }
    }

    private static Cursor publish(LogWriter writer, int count) {
        return Objects.requireNonNull(Flux.range(0, count)
                .concatMap(i -> writer.publish("Article " + i, "faults"))
                .blockLast(TIMEOUT));
    }

    private static void assertExact(Reader reader, Cursor last) {
        reader.reached(last).block(TIMEOUT);
        assertThat(reader.seqs())
                .containsExactlyElementsOf(LongStream.rangeClosed(reader.start().seq() + 1, last.seq())
                        .boxed()
                        .toList());
        assertThat(reader.resets()).isZero();
    }

    private static Cursor end(Freshet instance) {
        return Objects.requireNonNull(
                instance.bean(FeedLog.class).extent().map(Extent::end).block(TIMEOUT));
    }
}
