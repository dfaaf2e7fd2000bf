package dev.freshet.load.guard;

import dev.freshet.load.reader.Pace.Stretch;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds the number of pages a second at which pages become late. The warm-up has the rate of the first step. */
public final class Stepping extends Guarded {

    private final double rate = run.budget().load("rate");
    private final int steps = (int) run.budget().load("steps");
    private final double lasting = run.budget().load("seconds") / steps;
    private final Reading reading = new Reading(
            this,
            Stream.concat(
                            Stream.of(Stretch.at(rate, seconds(run.budget().load("warm-up")))),
                            IntStream.rangeClosed(1, steps).mapToObj(step -> Stretch.at(step * rate, seconds(lasting))))
                    .toList());

    {
        load(reading.population());
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (1000 * seconds));
    }

    @Override
    void conclude() {
        reading.finish();
        run.figures().knee("page", rate, steps, lasting);
    }
}
