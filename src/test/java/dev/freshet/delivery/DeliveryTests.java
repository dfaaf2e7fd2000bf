package dev.freshet.delivery;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.delivery.Receiver.Reply;
import dev.freshet.identity.account.Role;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.PostgresRelay;
import dev.freshet.testing.Stores;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
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

/** Order, completeness and ownership of deliveries, with several instances, crashes and slow targets. */
@Order(1)
@Timeout(300)
class DeliveryTests {

    /** The settings of the instance that tests of deliveries share. */
    static final Map<String, String> SETTINGS = Map.of(
            "freshet.samples", "false",
            "freshet.fetch.allow", "127.0.0.1",
            "freshet.subscriptions.first-retry", "20ms",
            "freshet.subscriptions.max-retry", "100ms");

    private final String database = Stores.database();
    private final Receiver receiver = new Receiver();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private Freshet start() {
        return Freshet.start(database, "", SETTINGS);
    }

    @Test
    void oneInstanceDeliversEachEventOnce() {
        try (var one = start();
                var two = start()) {
            var owner = new Owner(one, Role.READER);
            owner.webhook(receiver, "a", "");
            var writers = List.of(new LogWriter(one), new LogWriter(two));
            var cursors = IntStream.range(0, 60)
                    .mapToObj(i ->
                            get(writers.get(i % 2).publish("Title " + i, "a")).toString())
                    .toList();
            until(() -> receiver.ids().size() >= 60);
            assertThat(receiver.ids()).isEqualTo(cursors);
        }
    }

    @Test
    void deliveryContinuesAfterARestart() {
        List<String> cursors;
        var held = Sinks.<Reply>one();
        try (var first = start()) {
            new Owner(first, Role.READER).webhook(receiver, "a", "");
            receiver.events(request -> request.body().contains("Title 3") ? held.asMono() : Reply.of(200));
            var writer = new LogWriter(first);
            cursors = IntStream.range(0, 10)
                    .mapToObj(i -> get(writer.publish("Title " + i, "a")).toString())
                    .toList();
            until(() -> receiver.titles().contains("Title 3"));
        }
        receiver.events(request -> Reply.of(200));
        try (var second = start()) {
            until(() -> receiver.takenIds().contains(cursors.getLast()));
            assertThat(second.beans(DeliveryWorker.class)).isEqualTo(1);
        }
        assertThat(new LinkedHashSet<>(receiver.takenIds())).containsExactlyElementsOf(cursors);
    }

    @Test
    void anotherInstanceContinuesAfterACrash() {
        try (var one = start();
                var two = start()) {
            var owner = new Owner(one, Role.READER);
            var subscription = owner.webhook(receiver, "a", "");
            until(() -> owner.read(subscription, "/state").equals("active"));
            var crashed = new AtomicBoolean();
            receiver.events(
                    request -> request.body().contains("Title 3") && !crashed.get() ? Mono.never() : Reply.of(200));
            var writer = new LogWriter(one);
            var cursors = IntStream.range(0, 10)
                    .mapToObj(i -> get(writer.publish("Title " + i, "a")).toString())
                    .toList();
            until(() -> receiver.titles().contains("Title 3"));
            var crash = Instant.now();
            crashed.set(true);
            stopDeliveries(claims(one).isEmpty() ? two : one);
            until(() -> receiver.takenIds().contains(cursors.getLast()));

            assertThat(new LinkedHashSet<>(receiver.takenIds())).containsExactlyElementsOf(cursors);
            // At the end of the lease, and not by the regular look.
            assertThat(Duration.between(crash, Instant.now())).isLessThan(DeliveryWorker.SWEEP);
        }
    }

    /** Stops the deliveries of an instance without notice: it keeps its claims and records nothing. */
    private static void stopDeliveries(Freshet instance) {
        var loop = (Disposable) ReflectionTestUtils.getField(work(instance), "loop");
        Objects.requireNonNull(loop).dispose();
    }

    @Test
    void pausedOwnerCannotMoveTheCursor() {
        var relay = new PostgresRelay(database);
        try (relay;
                var paused = Freshet.start(relay.url(), "", SETTINGS)) {
            var owner = new Owner(paused, Role.READER);
            var held = Sinks.<Reply>one();
            var subscription = owner.webhook(receiver, "a", "");
            until(() -> owner.read(subscription, "/state").equals("active"));
            receiver.events(request -> held.asMono());
            var cursor = get(new LogWriter(paused).publish("Held", "a"));
            until(() -> receiver.titles().contains("Held"));
            relay.pause();

            try (var other = start()) {
                var there = owner.at(other);
                // The other instance has taken the event over, and its target refuses to answer as well.
                until(() -> receiver.titles().size() == 2);
                var fence = fence(other);
                held.tryEmitValue(new Reply(200, "", Map.of()));
                until(() -> there.read(subscription, "/cursor").equals(cursor.toString()));
                there.change(subscription, "{\"state\":\"paused\",\"start\":\"earliest\"}");
                relay.resume();
                // The paused instance works again, and what it recorded had no effect.
                until(() -> owner.read(subscription, "/state").equals("paused"));
                until(() -> claims(paused).isEmpty());
                assertThat(fence(other)).isEqualTo(fence + 1);
                assertThat(there.read(subscription, "/delivered")).isEqualTo("1");
                assertThat(there.read(subscription, "/cursor")).isNotEqualTo(cursor.toString());
            }
        }
    }

    private static Map<?, ?> claims(Freshet instance) {
        return (Map<?, ?>) Objects.requireNonNull(ReflectionTestUtils.getField(work(instance), "claims"));
    }

    private static Object work(Freshet instance) {
        return Objects.requireNonNull(ReflectionTestUtils.getField(instance.bean(DeliveryWorker.class), "work"));
    }

    private static long fence(Freshet instance) {
        return get(instance.bean(DatabaseClient.class)
                .sql("select fence from subscription")
                .mapValue(Long.class)
                .one());
    }

    @Test
    void silentTargetsDelayNobody() {
        try (var silent = new Receiver();
                var instance = Freshet.start(
                        database,
                        "",
                        Map.of(
                                "freshet.samples", "false",
                                "freshet.fetch.allow", "127.0.0.1",
                                "freshet.subscriptions.at-once", "2",
                                "freshet.subscriptions.timeout", "100ms",
                                "freshet.subscriptions.first-retry", "10ms",
                                "freshet.subscriptions.max-retry", "10ms"))) {
            var owner = new Owner(instance, Role.READER);
            for (var i = 0; i < 8; i++) {
                var subscription = owner.webhook(silent, "a", "");
                until(() -> owner.read(subscription, "/state").equals("active"));
            }
            silent.events(request -> Mono.never());
            owner.webhook(receiver, "a", "");
            var writer = new LogWriter(instance);
            for (var i = 0; i < 30; i++) {
                var cursor = get(writer.publish("Title " + i, "a")).toString();
                until(() -> receiver.ids().contains(cursor));
            }
            // At least once: a response that takes longer than the timeout is repeated.
            assertThat(receiver.ids().stream().distinct()).hasSize(30);
            assertThat(silent.requests()).isNotEmpty();
        }
    }

    @Test
    void targetReceivesAResetForANewEpoch() {
        try (var instance = start()) {
            var owner = new Owner(instance, Role.READER);
            var subscription = owner.webhook(receiver, "a", "");
            var feedLog = instance.bean(FeedLog.class);
            get(new LogWriter(instance).publish("Before", "a"));
            until(() -> owner.read(subscription, "/delivered").equals("1"));
            get(feedLog.extent().flatMap(extent -> feedLog.startEpoch(extent.epoch())));
            until(() -> receiver.ids().size() == 2);

            var reset = receiver.events().toList().getLast();
            assertThat(reset.path("type").asString()).isEqualTo("reset");
            assertThat(reset.at("/data/reason").asString()).isEqualTo("unknown-history");
            until(() -> owner.read(subscription, "/cursor")
                    .equals(reset.at("/data/cursor").asString()));
            get(new LogWriter(instance).publish("After", "a"));
            until(() -> receiver.titles().contains("After"));
        }
    }

    @Test
    void replayNeverRevealsWithdrawnContent() {
        var instance = Freshet.shared(SETTINGS);
        var owner = new Owner(instance, Role.READER);
        var writer = new LogWriter(instance);
        var id = UUID.randomUUID();
        var start = get(instance.bean(FeedLog.class).extent()).end();
        get(writer.publish(id, "Secret", "replayed"));
        get(writer.retag(id, "replayed", "elsewhere"));
        get(writer.withdraw(id, "elsewhere"));
        owner.webhook(receiver, "replayed", ",\"content\":true,\"start\":\"" + start + "\"");
        until(() -> receiver.ids().size() == 2);

        assertThat(receiver.events().map(event -> event.path("type").asString()))
                .containsExactly("article.published", "article.withdrawn");
        assertThat(receiver.requests()).noneMatch(request -> request.body().contains("Secret"));
    }

    @Test
    void withdrawalIsSeenBetweenEventsOfOneRead() {
        var instance = Freshet.shared(SETTINGS);
        var owner = new Owner(instance, Role.READER);
        var writer = new LogWriter(instance);
        var id = UUID.randomUUID();
        var held = Sinks.<Reply>one();
        var subscription = owner.webhook(receiver, "withdrawn", "");
        until(() -> owner.read(subscription, "/state").equals("active"));
        owner.change(subscription, "{\"state\":\"paused\"}");
        get(writer.publish("First", "withdrawn"));
        get(writer.publish(id, "Secret", "withdrawn"));
        receiver.events(request -> request.body().contains("First") ? held.asMono() : Reply.of(200));
        owner.change(subscription, "{\"state\":\"active\"}");
        until(() -> receiver.titles().contains("First"));
        get(writer.withdraw(id, "withdrawn"));
        held.tryEmitValue(new Reply(200, "", Map.of()));
        until(() -> receiver.ids().size() >= 3);

        assertThat(receiver.titles()).doesNotContain("Secret");
    }

    @Test
    void noStatementIsSentWithoutWork() throws SQLException {
        Stores.logStatements(database);
        try (var instance = start()) {
            var owner = new Owner(instance, Role.READER);
            var subscription = owner.webhook(receiver, "a", "");
            get(new LogWriter(instance).publish("One", "a"));
            until(() -> owner.read(subscription, "/delivered").equals("1"));
            // A look follows the end of a delivery. The second wait is longer than a lease, at whose end a look could
            // be.
            until(() -> sinceLook(instance).compareTo(Duration.ofSeconds(1)) > 0);
            var before = count();
            until(() -> sinceLook(instance).compareTo(Duration.ofSeconds(5)) > 0);
            assertThat(count()).isEqualTo(before).isPositive();
        }
    }

    private static Duration sinceLook(Freshet instance) {
        var looked = (long) Objects.requireNonNull(
                ReflectionTestUtils.getField(instance.bean(DeliveryWorker.class), "lookedAtNanos"));
        return Duration.ofNanos(System.nanoTime() - looked);
    }

    private static long count() throws SQLException {
        return Stores.statements()
                .lines()
                .filter(line -> line.contains("update subscription s set fence"))
                .count();
    }
}
