package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

/**
 * Tests that pages are in time for readers and aggregators that arrive at a fixed rate, regardless of the responses.
 */
public final class FeedPages extends Guarded {

    {
        load(scenario("Readers of pages")
                .exec(new Reading(this).page())
                .injectOpen(constantUsersPerSec(run.budget().load("rate")).during(load)));
    }
}
