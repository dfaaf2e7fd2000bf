package dev.freshet.load.guard;

import dev.freshet.load.reader.Pace.Stretch;
import java.time.Duration;
import java.util.List;

/** Tests ten times as many readers within ten seconds: the latency of pages, and the recovery. */
public final class Spike extends Guarded {

    private static final Duration RISE = Duration.ofSeconds(10);

    private final double rate = run.budget().load("rate");
    private final Duration calm = load.minus(RISE.multipliedBy(3)).dividedBy(2);
    private final Reading reading = new Reading(
            this,
            List.of(
                    Stretch.at(rate, calm),
                    new Stretch(rate, 10 * rate, RISE),
                    Stretch.at(10 * rate, RISE),
                    new Stretch(10 * rate, rate, RISE),
                    Stretch.at(rate, calm)));

    {
        load(reading.population());
    }

    @Override
    void conclude() {
        reading.finish();
    }
}
