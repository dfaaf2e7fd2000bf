package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.incrementUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import java.time.Duration;

/** Finds the number of readers a second at which pages become late. */
public final class Stepping extends Guarded {

    private final double rate = run.budget().load("rate");
    private final double steps = run.budget().load("steps");
    private final double lasting = load.toMillis() / 1000.0 / steps;

    {
        load(scenario("Readers of pages")
                .exec(new Reading(this).page())
                .injectOpen(incrementUsersPerSec(rate)
                        .times((int) steps)
                        .eachLevelLasting(Duration.ofMillis((long) (1000 * lasting)))
                        .startingFrom(rate)));
    }

    @Override
    void conclude() {
        run.knee("page", rate, (int) steps, lasting);
    }
}
