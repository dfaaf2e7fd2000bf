package dev.freshet.load.guard;

/**
 * Tests a storm: all subscribers are cut at once and reconnect within two seconds. None may miss an event, and
 * latency is bounded.
 */
public final class ReconnectStorm extends Guarded {

    private final Following following =
            new Following(this, run.budget().load("rate"), (int) run.budget().load("feeds"), (int)
                    run.budget().load("subscribers"));

    {
        following.cutAt(run.budget().load("warm-up") + run.budget().load("seconds") / 3);
        load(following.completion(), following.subscribers(), following.publishers());
    }

    @Override
    void conclude() {
        following.finish();
    }
}
