package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.freshet.load.reader.Pace.Stretch;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.Http;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A simulation that keeps its budget or fails. It begins with the bare handler. */
abstract class Guarded extends Simulation {

    private static final Duration BARE = Duration.ofSeconds(Integer.getInteger("bare", 8));
    private static final double BARE_RATE = 100;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
    private static final String VERDICT = "budget kept";

    final Run run = Run.of(getClass().getSimpleName());
    final Duration load = Duration.ofMillis(
            (long) (1000 * (run.budget().load("warm-up") + run.budget().load("seconds"))));

    /**
     * Sets up the load after the measurement of the bare handler, and the verdict after the load.
     *
     * @param first the population that ends last
     */
    final void load(PopulationBuilder first, PopulationBuilder... others) {
        setUp(bare().andThen(judged(first, others)));
    }

    /** Sets up the same with subscribers that are all present before the load begins. */
    final void load(Following following, PopulationBuilder... others) {
        var populations = new ArrayList<>(List.of(others));
        populations.add(following.publishers());
        var load = judged(following.completion(), populations.toArray(PopulationBuilder[]::new));
        setUp(bare().andThen(following.subscribers().andThen(following.opened().andThen(load))));
    }

    private PopulationBuilder bare() {
        return scenario("Bare handler")
                .exec(timed(Measured.BARE, request(Measured.BARE).get(run.bare().toString())))
                .injectOpen(constantUsersPerSec(BARE_RATE).during(BARE));
    }

    private List<PopulationBuilder> judged(PopulationBuilder first, PopulationBuilder... others) {
        var populations = new ArrayList<>(List.of(others));
        populations.add(first.andThen(verdict()));
        return populations;
    }

    private void setUp(PopulationBuilder all) {
        super.setUp(all)
                .protocols(http.baseUrl(run.address().toString())
                        .shareConnections()
                        .disableFollowRedirect()
                        .disableCaching())
                // A request that represents the budget, so that Gatling's own report and exit code include it.
                .assertions(details(VERDICT).failedRequests().count().is(0L));
    }

    private PopulationBuilder verdict() {
        return scenario("Verdict")
                .asLongAs(session -> !isAnswered())
                .on(pause(POLL_INTERVAL))
                // The last second of the server's figures.
                .pause(Duration.ofSeconds(2))
                .exec(session -> {
                    conclude();
                    return session.set("kept", run.judge());
                })
                .exec(http(VERDICT)
                        .get(run.bare().toString())
                        .check(bodyString()
                                .transformWithSession((body, session) -> session.getBoolean("kept"))
                                .is(true)))
                .injectOpen(atOnceUsers(1));
    }

    /** Returns whether all requests of further populations have a response, or are not waited for any longer. */
    boolean isAnswered() {
        return true;
    }

    /** Adds the figures that are known only at the end. */
    void conclude() {}

    /** Creates a request whose name says when it does not count. */
    final Http request(String operation) {
        return http(session -> operation.equals(Measured.BARE) || run.measured().isMeasuring()
                ? operation
                : operation + " (not measured)");
    }

    /** Records the duration of an action, and whether its checks hold. */
    final ChainBuilder timed(String operation, ActionBuilder action) {
        return exec(session -> session.markAsSucceeded().set("start", System.nanoTime()))
                .exec(action)
                .exec(session -> {
                    run.measured().record(operation, session.getLong("start"), !session.isFailed());
                    return session;
                });
    }

    /** Returns the rates of a load that rises during the first half of the warm-up, as a cold server needs. */
    final List<Stretch> risingTo(double rate) {
        var rise = Duration.ofMillis((long) (500 * run.budget().load("warm-up")));
        return List.of(new Stretch(rate / 10, rate, rise), Stretch.at(rate, load.minus(rise)));
    }

    /** The first action of each virtual user of the load. */
    final Session enter(Session session) {
        run.begin();
        run.generator().watch(session.asScala().eventLoop());
        return session;
    }

    @Override
    public final void after() {
        run.stop();
    }
}
