package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import java.time.Duration;

/** Tests ten times as many readers within ten seconds: the latency of pages, and the recovery. */
public final class Spike extends Guarded {

    private static final Duration RISE = Duration.ofSeconds(10);

    {
        var rate = run.budget().load("rate");
        var calm = load.minus(RISE.multipliedBy(3)).dividedBy(2);
        load(scenario("Readers of pages")
                .exec(new Reading(this).page())
                .injectOpen(
                        constantUsersPerSec(rate).during(calm),
                        rampUsersPerSec(rate).to(10 * rate).during(RISE),
                        constantUsersPerSec(10 * rate).during(RISE),
                        rampUsersPerSec(10 * rate).to(rate).during(RISE),
                        constantUsersPerSec(rate).during(calm)));
    }
}
