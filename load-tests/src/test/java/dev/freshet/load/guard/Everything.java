package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.PopulationBuilder;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tests everything at once: streams, pages, searches, publishers, imports, people who sign in and their followed feeds.
 * Streams and pages use two instances. One of them is restarted under load, and nothing may be lost.
 */
public final class Everything extends Guarded {

    private static final int IMPORTED = 20;
    // Beyond the numbers of the data set, so that each import creates articles.
    private static final int FIRST_IMPORT = 10_000_000;
    private static final int LAST_IMPORT = 20_000_000;

    private final Following following = new Following(
            this, run.budget().load("publishes"), (int) run.budget().load("feeds"), (int)
                    run.budget().load("subscribers"));
    private final Reading reading = new Reading(this, risingTo(run.budget().load("rate")));
    private final People people = new People(this);
    private final DataSet data = new DataSet();
    private final AtomicInteger imports = new AtomicInteger(FIRST_IMPORT);

    {
        load(following, reading.population(), people.population(run.budget().load("people")), importers(), restart());
    }

    private PopulationBuilder importers() {
        return scenario("Importers")
                .exec(session -> enter(session).set("lines", lines()))
                .exec(timed(
                        "import",
                        request("import")
                                .post("/api/v1/imports")
                                .header("Authorization", "Bearer " + run.token())
                                .header("Content-Type", "application/x-ndjson")
                                .body(StringBody("#{lines}"))
                                .check(
                                        status().is(200),
                                        substring("\"summary\":{\"read\":" + IMPORTED + ",\"created\":" + IMPORTED)
                                                .exists())))
                .injectOpen(constantUsersPerSec(run.budget().load("imports")).during(load));
    }

    private String lines() {
        var first = imports.getAndAdd(IMPORTED);
        return IntStream.range(first, first + IMPORTED)
                .mapToObj(number -> data.line(number, LAST_IMPORT))
                .collect(Collectors.joining());
    }

    private PopulationBuilder restart() {
        // A busy machine takes most of the rest for it.
        var at = run.budget().load("warm-up") + run.budget().load("seconds") / 4;
        return scenario("Restart")
                .exec(session -> {
                    // Not on the event loop: a restart takes seconds.
                    Thread.ofPlatform().daemon().name("restart").start(this::restartSecond);
                    return session;
                })
                .injectOpen(nothingFor(Duration.ofMillis((long) (1000 * at))), atOnceUsers(1));
    }

    private void restartSecond() {
        try {
            run.measured().figure("instance", "restarts", run.restartSecond() ? 1 : 0);
        } catch (UncheckedIOException e) {
            System.err.println("The restart failed: " + e.getMessage());
        }
    }

    @Override
    boolean isAnswered() {
        return reading.isDone();
    }

    @Override
    void conclude() {
        reading.finish();
        following.finish();
    }
}
