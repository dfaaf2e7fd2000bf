package dev.freshet.load.guard;

/**
 * Tests storms: all subscribers are cut at once and reconnect within two seconds. None may miss an event, latency is
 * bounded, and a connection that ended leaves no memory behind. The first storm belongs to the warm-up.
 */
public final class ReconnectStorm extends Guarded {

    private static final int MEASURED_STORMS = 2;

    private final int subscribers = (int) run.budget().load("subscribers");
    private final double warmUp = run.budget().load("warm-up");
    private final double seconds = run.budget().load("seconds");
    private final Following following =
            new Following(this, run.budget().load("rate"), (int) run.budget().load("feeds"), subscribers);

    {
        following.cutAt(warmUp / 2, warmUp + seconds / 4, warmUp + seconds / 2);
        load(following);
    }

    @Override
    void conclude() {
        following.finish();
        run.figures().memoryPer("reconnect", MEASURED_STORMS * subscribers);
    }
}
