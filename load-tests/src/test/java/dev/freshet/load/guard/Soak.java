package dev.freshet.load.guard;

/** Tests that latency and memory do not grow over hours. */
public final class Soak extends Guarded {

    private final Following following = new Following(
            this, run.budget().load("publishes"), (int) run.budget().load("feeds"), (int)
                    run.budget().load("subscribers"));
    private final Reading reading = new Reading(this, risingTo(run.budget().load("rate")));

    {
        load(following, reading.population());
    }

    @Override
    boolean isAnswered() {
        return reading.isDone();
    }

    @Override
    void conclude() {
        reading.finish();
        following.finish();
        run.figures().drift("page");
    }
}
