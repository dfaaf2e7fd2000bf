package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

/** Are pages read in time, by readers and aggregators who come at a fixed rate, whatever the answers take? */
public final class FeedPages extends Guarded {

    {
        load(scenario("Readers of pages")
                .exec(new Reading(this).page())
                .injectOpen(constantUsersPerSec(run.budget().load("rate")).during(load)));
    }
}
