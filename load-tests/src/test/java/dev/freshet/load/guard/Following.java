package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.freshet.load.GraphQlDocuments;
import dev.freshet.load.reader.StreamClient;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishers at a fixed rate, and their subscribers, half over SSE and half over NDJSON, spread over the feeds. Gatling
 * schedules and judges; a {@link StreamClient} reads the streams, since Gatling would hold a buffer per stream and an
 * actor message per event.
 */
final class Following {

    private static final int OPENED_PER_SECOND = 1500;
    private static final Duration MIN_OPENING = Duration.ofSeconds(4);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
    private static final Duration STORM = Duration.ofSeconds(2);
    private static final long OPEN_TIMEOUT = TimeUnit.MINUTES.toNanos(2);
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(15);

    private final Guarded simulation;
    private final double rate;
    private final int feeds;
    private final int count;
    private final boolean graphQl;
    private final Ledger ledger;
    private final StreamClient client = StreamClient.fromManyAddresses();
    private final Queue<Subscription> subscriptions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean complete;
    private final Queue<Double> cuts = new ConcurrentLinkedQueue<>();
    private long over;

    /**
     * @param rate events per second over all feeds
     * @param feeds the number of feeds
     * @param count the number of subscribers that stay
     */
    Following(Guarded simulation, double rate, int feeds, int count) {
        this(simulation, rate, feeds, count, false);
    }

    /** @param graphQl whether the subscribers use GraphQL, over SSE */
    Following(Guarded simulation, double rate, int feeds, int count, boolean graphQl) {
        this.graphQl = graphQl;
        this.simulation = simulation;
        this.rate = rate;
        this.feeds = feeds;
        this.count = count;
        var most = (int) (rate * simulation.load.toSeconds() * 1.2) + 1000;
        this.ledger = new Ledger(
                "guard" + Long.toString(System.currentTimeMillis(), 36), feeds, most, simulation.run.measured());
        simulation.run.generator().watch(client.loop());
        Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("ledger").factory())
                .scheduleWithFixedDelay(this::check, 1, 1, TimeUnit.SECONDS);
    }

    private void check() {
        var measured = simulation.run.measured();
        var cut = cuts.peek();
        if (cut != null && measured.elapsed() > cut) {
            cuts.remove();
            subscriptions.forEach(subscription -> subscription.cut(STORM));
        }
        // Subscribers stay until they have all events, within a bound.
        if (measured.isOver()) {
            over = over == 0 ? System.nanoTime() : over;
            complete = ledger.isComplete() || System.nanoTime() - over > TIMEOUT;
        }
    }

    /** Cuts all subscribers at some seconds of the load, in order; they reconnect within {@link #STORM}. */
    void cutAt(Double... seconds) {
        cuts.addAll(List.of(seconds));
    }

    PopulationBuilder publishers() {
        return scenario("Publishers")
                .exec(publish())
                .injectOpen(constantUsersPerSec(rate).during(simulation.load));
    }

    private Duration opening() {
        var needed = Duration.ofSeconds(count / OPENED_PER_SECOND);
        return needed.compareTo(MIN_OPENING) > 0 ? needed : MIN_OPENING;
    }

    private ChainBuilder publish() {
        return exec(session -> simulation.enter(session).set("event", ledger.publish()))
                .exec(simulation.timed(
                        "publish",
                        simulation
                                .request("publish")
                                .post("/api/v1/articles")
                                .header("Authorization", "Bearer " + simulation.run.token())
                                .header("Content-Type", "application/json")
                                .body(StringBody(session -> article(session.getInt("event"))))
                                .check(status().is(201))))
                .exec(session -> {
                    ledger.answered(session.getInt("event"), !session.isFailed());
                    return session;
                });
    }

    private String article(int event) {
        return """
                {"title":"%s","summary":"The summary of an article in a stream: a sentence or two.",\
                "body":"In *short*.","tags":["%s"],"status":"published"}""".formatted(ledger.title(event), ledger.tagOf(event));
    }

    /** The subscribers that stay until the end. */
    PopulationBuilder subscribers() {
        return scenario("Subscribers")
                .exec(session -> {
                    var number = next.getAndIncrement();
                    var subscription = subscription(number, ledger.subscribe(number % feeds), number / feeds % 2 == 0);
                    subscriptions.add(subscription);
                    subscription.open();
                    return session;
                })
                .injectOpen(rampUsers(count).during(opening()));
    }

    /** The population that ends when all subscribers have their streams, or after a bounded time. */
    PopulationBuilder opened() {
        return scenario("Opened")
                .exec(session -> session.set("start", System.nanoTime()))
                .asLongAs(session -> !subscriptions.stream().allMatch(Subscription::isOpen)
                        && System.nanoTime() - session.getLong("start") < OPEN_TIMEOUT)
                .on(pause(POLL_INTERVAL))
                .injectOpen(atOnceUsers(1));
    }

    /** The population that ends last: it waits until every subscriber has all events, or for a bounded time. */
    PopulationBuilder completion() {
        return scenario("Completion")
                .asLongAs(session -> !complete)
                .on(pause(POLL_INTERVAL))
                .injectOpen(atOnceUsers(1));
    }

    private Subscription subscription(int number, Ledger.Subscriber subscriber, boolean sse) {
        return new Subscription(
                client,
                simulation.run.measured(),
                attempt -> simulation.run.streamServer(number, attempt),
                graphQl
                        ? GraphQlDocuments.events(ledger.tag(subscriber.feed()), number)
                        : "/api/v1/articles?tag=" + ledger.tag(subscriber.feed()),
                sse || graphQl,
                subscriber);
    }

    /** Adds a reader that stays for a time, from a cursor on; the ledger has its events. */
    ChainBuilder follow(Duration time) {
        return exec(session -> {
                    var subscription = subscription(next.getAndIncrement(), session.get("subscriber"), true);
                    subscription.open();
                    return session.set("subscription", subscription);
                })
                .pause(time)
                .exec(session -> {
                    session.<Subscription>get("subscription").close();
                    return session;
                });
    }

    Session visit(Session session, String cursor) {
        return session.set("subscriber", ledger.visit(cursor));
    }

    void finish() {
        client.close();
        ledger.finish(Ledger.DELIVERY);
    }
}
