package dev.freshet.load.guard;

/** Does every subscriber get every event, once, in order and in time, while publishers publish at a fixed rate? */
public final class FeedStreams extends Guarded {

    private final Following following = new Following(this, run.budget().load("rate"));

    {
        load(following.subscribers((int) run.budget().load("subscribers")), following.publishers());
    }

    @Override
    void conclude() {
        following.finish();
    }
}
