package dev.freshet.content.source;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.source.Site.Reply;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.PostgresRelay;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.test.util.ReflectionTestUtils;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Ownership of polls, with several instances, crashes and pauses. */
@Order(1)
@Timeout(300)
class HandOverTests {

    private static final Map<String, String> SETTINGS =
            Map.of("freshet.samples", "false", "freshet.fetch.allow", "127.0.0.0/8");
    private static final String TAGGED = ",\"tags\":[\"a\"]";

    private final String database = Stores.database();
    private final Site site = new Site();

    @AfterEach
    void stop() {
        site.close();
    }

    private Freshet start() {
        return Freshet.start(database, "", SETTINGS);
    }

    @Test
    void hostReceivesOneRequestAtATime() {
        try (var one = start();
                var two = start()) {
            var owner = new Publisher(one, Role.AUTHOR);
            var sources = IntStream.range(0, 6)
                    .mapToObj(i -> owner.add(
                            site.page(
                                    "/" + i,
                                    request ->
                                            Mono.delay(Duration.ofMillis(20)).then(Reply.of(200, Site.atom(i + "=x")))),
                            ""))
                    .toList();
            until(() -> sources.stream()
                    .allMatch(source -> owner.read(source, "/polls").equals("1")));
            sources.forEach(owner::makeDue);
            two.bean(PollWorker.class).wake();
            until(() -> sources.stream()
                    .allMatch(source -> owner.read(source, "/polls").equals("2")));

            assertThat(site.maxConcurrency()).isEqualTo(1);
        }
    }

    @Test
    void anotherInstanceContinuesAfterACrash() {
        try (var one = start();
                var two = start()) {
            var owner = new Publisher(one, Role.AUTHOR);
            var isHeld = new AtomicBoolean(true);
            var url = site.page("/feed", request -> isHeld.get() ? Mono.never() : Reply.of(200, Site.atom("1=One")));
            var source = owner.add(url, TAGGED);
            until(() -> !site.requests("/feed").isEmpty());
            isHeld.set(false);
            crash(claims(one).isEmpty() ? two : one);
            until(() -> owner.read(source, "/polls").equals("1"));

            assertThat(owner.titles("a")).containsExactly("One");
        }
    }

    /** Stops the polls of an instance without notice: it keeps its claims and records nothing. */
    private static void crash(Freshet instance) {
        var loop = (Disposable) ReflectionTestUtils.getField(work(instance), "loop");
        Objects.requireNonNull(loop).dispose();
    }

    @Test
    void pausedOwnerWritesNothing() {
        var relay = new PostgresRelay(database);
        try (relay;
                var paused = Freshet.start(relay.url(), "", SETTINGS)) {
            var owner = new Publisher(paused, Role.AUTHOR);
            var held = Sinks.<Reply>one();
            var isHeld = new AtomicBoolean(true);
            var url = site.page(
                    "/feed", request -> isHeld.getAndSet(false) ? held.asMono() : Reply.of(200, Site.atom("1=New")));
            var source = owner.add(url, TAGGED);
            until(() -> !site.requests("/feed").isEmpty());
            relay.pause();

            try (var other = start()) {
                var there = owner.at(other);
                until(() -> there.read(source, "/polls").equals("1"));
                var fence = fence(other);
                held.tryEmitValue(get(Reply.of(200, Site.atom("1=Old", "2=Old"))));
                relay.resume();
                until(() -> claims(paused).isEmpty());

                assertThat(there.titles("a")).containsExactly("New");
                assertThat(there.read(source, "/polls")).isEqualTo("1");
                assertThat(fence(other)).isEqualTo(fence);
            }
        }
    }

    private static Map<?, ?> claims(Freshet instance) {
        return (Map<?, ?>) Objects.requireNonNull(ReflectionTestUtils.getField(work(instance), "claims"));
    }

    private static Object work(Freshet instance) {
        return Objects.requireNonNull(ReflectionTestUtils.getField(instance.bean(PollWorker.class), "work"));
    }

    private static long fence(Freshet instance) {
        return get(instance.bean(DatabaseClient.class)
                .sql("select fence from polled_source")
                .mapValue(Long.class)
                .one());
    }
}
