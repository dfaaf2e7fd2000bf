package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Many who publish at once, and are committed together. */
class PublishingTests {

    private static final int WAITING = 40;

    private static Freshet instance;
    private static Api ann;

    @BeforeAll
    static void start() {
        instance = Freshet.start(
                Stores.database(),
                "",
                Map.of("freshet.samples", "false", "freshet.publishing.waiting", Integer.toString(WAITING)));
        ann = Api.of(instance, "ann");
        // Jackson's first use of a type holds a lock for which others would wait on their event loops.
        ann.post(article("first", ""));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void concurrentPublishesHaveConsecutiveEventsDespiteRefusals() {
        ann.post(article("taken", ", \"canonicalUrl\": \"https://example.org/taken/\""));
        var before = last();
        var replies = Flux.range(0, 320)
                .flatMap(
                        i -> ann.posting(article(
                                "many", i % 10 == 3 ? ", \"canonicalUrl\": \"https://example.org/taken/\"" : "")),
                        32)
                .map(Freshet.Reply::code)
                .collectList()
                .block(TIMEOUT);
        assertThat(replies).filteredOn(code -> code == 201).hasSize(288);
        assertThat(replies).filteredOn(code -> code == 409).hasSize(32);
        assertThat(last() - before).isEqualTo(288);
        var events = "feed_log where seq > " + before;
        assertThat(Api.count(instance, events)).isEqualTo(288);
        assertThat(Api.count(
                        instance,
                        "(select distinct article_id from " + events + ") e join article a on a.id ="
                                + " e.article_id where a.title = 'many'"))
                .isEqualTo(288);
    }

    @Test
    void waitersForTheClockShareItsNextUpdate() {
        var before = last();
        // The others arrive after the first has begun a group of its own.
        var publishers = Flux.merge(posting(1, "shared"), untilAStatementWaits().thenMany(posting(19, "shared")));
        var replies = whileTheClockIsHeld(() -> waiting() >= 19, publishers);
        assertThat(replies).hasSize(20).containsOnly(201);
        assertThat(Api.count(instance, "feed_log where seq > " + before)).isEqualTo(20);
        assertThat(Api.count(instance, "(select distinct at from feed_log where seq > " + before + ") t"))
                .isEqualTo(2);
    }

    @Test
    void retriesWithinAGroupReturnOneResponse() {
        var posts = new ArrayList<Mono<Freshet.Reply>>();
        for (var i = 0; i < 24; i++) {
            posts.add(ann.posting(article("retried " + i % 6, ""), "Idempotency-Key", "retry-" + i % 6));
        }
        posts.add(ann.posting(article("another", ""), "Idempotency-Key", "retry-0"));
        var replies = Objects.requireNonNull(
                Flux.mergeSequential(posts, 32, 32).collectList().block(TIMEOUT));
        assertThat(Api.count(instance, "article where title like 'retried %'"))
                .isEqualTo(replies.getLast().code() == 201 ? 5 : 6);
        assertThat(Api.count(instance, "idempotency where key like 'retry-%'")).isEqualTo(6);
        for (var key = 1; key < 6; key++) {
            var bodies = List.of(replies.get(key), replies.get(key + 6), replies.get(key + 12), replies.get(key + 18));
            assertThat(bodies).extracting(Freshet.Reply::code).containsOnly(201);
            assertThat(bodies)
                    .extracting(Freshet.Reply::body)
                    .containsOnly(bodies.getFirst().body());
        }
        assertThat(replies).filteredOn(reply -> reply.code() == 422).isNotEmpty();
        assertThat(replies)
                .filteredOn(reply -> reply.code() == 422 || reply.code() == 201)
                .hasSize(25);
    }

    @Test
    void keyOfARefusedArticleCanBeUsedAgain() {
        ann.post(article("first", ", \"canonicalUrl\": \"https://example.org/key/\""));
        var again = article("second", ", \"canonicalUrl\": \"https://example.org/key/\"");
        var codes = Flux.range(0, 8)
                .flatMap(i -> i == 4 ? ann.posting(again, "Idempotency-Key", "free") : ann.posting(article("x", "")), 8)
                .map(Freshet.Reply::code)
                .collectList()
                .block(TIMEOUT);
        assertThat(codes).filteredOn(code -> code == 409).hasSize(1);
        assertThat(Api.count(instance, "idempotency where key = 'free'")).isZero();
    }

    @Test
    void publishOverTheLimitReturns503AndOthersAreStored() {
        var tooMany = 2 * WAITING + 20;
        var refused = new AtomicBoolean();
        var posts = posting(tooMany, "full").doOnNext(code -> {
            if (code == 503) {
                refused.set(true);
            }
        });
        // Publishers that arrive after the release of the clock may all be accepted.
        var replies = whileTheClockIsHeld(refused::get, posts);
        assertThat(replies).hasSize(tooMany).containsOnly(201, 503);
        assertThat(replies).filteredOn(code -> code == 503).isNotEmpty();
        var written = replies.stream().filter(code -> code == 201).count();
        assertThat(Api.count(instance, "article where title = 'full'")).isEqualTo(written);
    }

    @Test
    void slowCommitTimesOutAndIsRolledBackOrComplete() {
        var settings = Map.of("freshet.samples", "false", "freshet.publishing.longest", "5s");
        try (var impatient = Freshet.start(Stores.database(), "", settings)) {
            var bob = Api.of(impatient, "bob");
            assertThat(bob.post(article("before", "")).code()).isEqualTo(201);
            var held = Sinks.<Boolean>one();
            var posts = held.asMono()
                    .thenMany(Flux.range(0, 3))
                    .flatMap(i -> bob.posting(article("late", "")), 3)
                    .map(Freshet.Reply::code)
                    .collectList()
                    .cache();
            var holder = impatient
                    .bean(TransactionalOperator.class)
                    .transactional(impatient
                            .bean(DatabaseClient.class)
                            .sql("update feed_clock set at = at")
                            .fetch()
                            .rowsUpdated()
                            .doOnNext(rows -> held.tryEmitValue(true))
                            .then(posts));
            assertThat(holder.block(TIMEOUT)).containsOnly(503);
            assertThat(bob.post(article("after", "")).code()).isEqualTo(201);
            // The clock is free before the statement is cancelled, so it may have won.
            var late = Api.count(impatient, "article where title = 'late'");
            assertThat(Api.count(impatient, "feed_log")).isEqualTo(2 + late);
            assertThat(Api.count(impatient, "feed_clock where seq = " + (2 + late)))
                    .isEqualTo(1);
        }
    }

    private static Flux<Integer> posting(int count, String title) {
        return Flux.fromStream(IntStream.range(0, count).boxed())
                .flatMap(i -> ann.posting(article(title, "")), count)
                .map(Freshet.Reply::code);
    }

    /** Holds the clock of the log until a condition, and returns the replies to publishers that begin meanwhile. */
    private static List<Integer> whileTheClockIsHeld(BooleanSupplier until, Flux<Integer> publishers) {
        var held = Sinks.<Boolean>one();
        var enough = Mono.fromSupplier(until::getAsBoolean)
                .repeatWhen(seen -> seen.delayElements(Duration.ofMillis(5)))
                .takeUntil(now -> now)
                .then();
        var holder = instance.bean(TransactionalOperator.class)
                .transactional(instance.bean(DatabaseClient.class)
                        .sql("update feed_clock set at = at")
                        .fetch()
                        .rowsUpdated()
                        .doOnNext(rows -> held.tryEmitValue(true))
                        .then(enough)
                        .thenReturn(true));
        var replies = held.asMono().flatMapMany(ready -> publishers).collectList();
        return Objects.requireNonNull(Mono.zip(replies, holder).block(TIMEOUT)).getT1();
    }

    private static Mono<Void> untilAStatementWaits() {
        return instance.bean(DatabaseClient.class)
                .sql("select exists (select from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock')")
                .mapValue(Boolean.class)
                .one()
                .repeatWhen(seen -> seen.delayElements(Duration.ofMillis(5)))
                .takeUntil(waits -> waits)
                .then();
    }

    private static int waiting() {
        return (int) instance.bean(MeterRegistry.class)
                .get("freshet.publishing.waiting")
                .gauge()
                .value();
    }

    private static String article(String title, String more) {
        return "{\"title\": \"" + title + "\", \"body\": \"B\", \"status\": \"published\"" + more + "}";
    }

    private static long last() {
        return Freshet.get(instance.bean(DatabaseClient.class)
                .sql("select seq from feed_clock")
                .mapValue(Long.class)
                .one());
    }
}
