package dev.freshet.load.guard;

import dev.freshet.load.reader.Pace.Stretch;
import java.time.Duration;
import java.util.List;

/** Tests ten times as many readers within ten seconds, after the warm-up: the latency of pages, and the recovery. */
public final class Spike extends Guarded {

    private static final Duration RISE = Duration.ofSeconds(10);

    private final double rate = run.budget().load("rate");
    private final Duration warmUp =
            Duration.ofMillis((long) (1000 * run.budget().load("warm-up")));
    private final Reading reading = new Reading(
            this,
            List.of(
                    Stretch.at(rate, warmUp),
                    new Stretch(rate, 10 * rate, RISE),
                    Stretch.at(10 * rate, RISE),
                    new Stretch(10 * rate, rate, RISE),
                    Stretch.at(rate, load.minus(warmUp).minus(RISE.multipliedBy(3)))));

    {
        load(reading.population());
    }

    @Override
    void conclude() {
        reading.finish();
    }
}
