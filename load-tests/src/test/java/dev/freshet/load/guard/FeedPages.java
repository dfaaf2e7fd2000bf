package dev.freshet.load.guard;

/**
 * Tests that pages are in time for readers and aggregators at a fixed rate, regardless of the responses, over HTTP/1.1
 * and HTTP/2.
 */
public final class FeedPages extends Guarded {

    private final Reading reading = new Reading(this, risingTo(run.budget().load("rate")));

    {
        load(reading.population());
    }

    @Override
    void conclude() {
        reading.finish();
    }
}
