package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

/** Tests that latency and memory do not grow over hours. */
public final class Soak extends Guarded {

    private final Following following = new Following(
            this, run.budget().load("publishes"), (int) run.budget().load("feeds"), (int)
                    run.budget().load("subscribers"));

    {
        load(
                following.completion(),
                following.subscribers(),
                following.publishers(),
                scenario("Readers of pages")
                        .exec(new Reading(this).page())
                        .injectOpen(
                                constantUsersPerSec(run.budget().load("rate")).during(load)));
    }

    @Override
    void conclude() {
        following.finish();
        run.drift("page");
    }
}
