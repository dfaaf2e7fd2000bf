package dev.freshet.load.guard;

/** All subscribers over SSE are cut at once and come back within two seconds: does anybody miss anything, and how late? */
public final class ReconnectStorm extends Guarded {

    private final Following following = new Following(this, run.budget().load("rate"));

    {
        following.cutAt(run.budget().load("warm-up") + run.budget().load("seconds") / 3);
        load(following.subscribers((int) run.budget().load("subscribers")), following.publishers());
    }

    @Override
    void conclude() {
        following.finish();
    }
}
