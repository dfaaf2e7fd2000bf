package dev.freshet.load.guard;

/** Tests that every subscriber receives every event, once, in order and in time, at a fixed rate of publishing. */
public final class FeedStreams extends Guarded {

    private final Following following =
            new Following(this, run.budget().load("rate"), (int) run.budget().load("feeds"), (int)
                    run.budget().load("subscribers"));

    {
        load(following);
    }

    @Override
    void conclude() {
        following.finish();
    }
}
