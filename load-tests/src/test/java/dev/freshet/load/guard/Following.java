package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.sse;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.http.action.sse.SseInboundMessage;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Publishers at a fixed rate, and their subscribers, half over SSE and half over NDJSON. */
final class Following {

    /** The operation of the time from publishing to receipt. */
    static final String DELIVERY = "delivery";

    private static final Duration OPENING = Duration.ofSeconds(4);

    /** Begins the load: all subscribers are connected. */
    static final Duration BEGIN = OPENING.plusSeconds(1);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(15);

    private final Guarded simulation;
    private final double rate;
    private final String tag = "guard" + Long.toString(System.currentTimeMillis(), 36);
    private final Ledger ledger;
    private final NdjsonReaders ndjson;
    // Gatling reports the arrival of a message in milliseconds since 1970.
    private final long epoch = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    private volatile boolean complete;
    private volatile double cutAt = Double.MAX_VALUE;

    Following(Guarded simulation, double rate) {
        this.simulation = simulation;
        this.rate = rate;
        var most = (int) (rate * simulation.load.toSeconds() * 1.2) + 1000;
        this.ledger = new Ledger(tag, most, simulation.run.measured());
        this.ndjson = new NdjsonReaders(simulation.run, feed(), ledger);
        Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("ledger").factory())
                .scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private String feed() {
        return "/api/v1/articles?tag=" + tag;
    }

    private long over;

    /** Subscribers stay until they have all events, within a bound. */
    private void look() {
        if (simulation.run.measured().isOver()) {
            over = over == 0 ? System.nanoTime() : over;
            complete = ledger.isComplete() || System.nanoTime() - over > TIMEOUT;
        }
    }

    /** Cuts all subscribers over SSE at some time of the load; they come back within two seconds. */
    void cutAt(double seconds) {
        cutAt = seconds;
    }

    private boolean isCut() {
        return simulation.run.measured().elapsed() > cutAt;
    }

    PopulationBuilder publishers() {
        return scenario("Publishers")
                .exec(publish())
                .injectOpen(nothingFor(BEGIN), constantUsersPerSec(rate).during(simulation.load));
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
                                .body(StringBody(session -> """
                                        {"title":"%s","summary":"What readers hear of an article: a sentence or two.",\
                                        "body":"In *short*.","tags":["%s"],"status":"published"}""".formatted(ledger.title(session.getInt("event")), tag)))
                                .check(status().is(201))))
                .exec(session -> {
                    ledger.answered(session.getInt("event"), !session.isFailed());
                    return session;
                });
    }

    PopulationBuilder subscribers(int count) {
        ndjson.open(count / 2);
        return scenario("Subscribers")
                .exec(session -> session.set("subscriber", ledger.subscribe()).set("again", false))
                .exec(connect())
                .asLongAs(session -> !complete)
                .on(pause(POLL_INTERVAL)
                        .exec(sse.processUnmatchedMessages(this::receive))
                        .exec(doIf(session -> isCut() && !session.getBoolean("again"))
                                .then(exec(sse("leave").close())
                                        .exec(session -> session.set("again", true))
                                        .pause(session -> Duration.ofMillis(
                                                ThreadLocalRandom.current().nextInt(2000)))
                                        .exec(connect()))))
                .exec(sse("leave").close())
                .injectOpen(rampUsers(count - count / 2).during(OPENING));
    }

    private ChainBuilder connect() {
        return simulation.timed(
                "open",
                sse("open")
                        .get(feed())
                        .header("Last-Event-ID", session -> subscriber(session).cursor()));
    }

    /** Adds a reader that stays for a time, from a cursor on; the ledger has its events. */
    ChainBuilder follow(Duration time) {
        return exec(connect())
                .pause(time)
                .exec(sse.processUnmatchedMessages(this::receive))
                .exec(sse("leave").close());
    }

    Session visit(Session session, String cursor) {
        return session.set("subscriber", ledger.visit(cursor));
    }

    String tag() {
        return tag;
    }

    private Session receive(List<SseInboundMessage> messages, Session session) {
        for (var message : messages) {
            subscriber(session)
                    .receive(DELIVERY, message.message(), epoch + TimeUnit.MILLISECONDS.toNanos(message.timestamp()));
        }
        return session;
    }

    private static Ledger.Subscriber subscriber(Session session) {
        return session.<Ledger.Subscriber>get("subscriber");
    }

    void finish() {
        ndjson.close();
        ledger.finish(DELIVERY);
    }
}
