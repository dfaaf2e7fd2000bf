package dev.freshet.load.chaos;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The schedule of faults. A seed and a list of faults always give the same plan; each fault occurs before any occurs
 * twice.
 *
 * @param steps in order
 */
record Plan(List<Step> steps) {

    /**
     * A fault of the plan.
     *
     * @param after delay after the step before
     * @param which the instance that it concerns, from 0
     * @param length its duration
     */
    record Step(Duration after, Fault fault, int which, Duration length) {}

    static Plan of(long seed, Duration duration, List<Fault> faults) {
        if (faults.isEmpty()) {
            return new Plan(List.of());
        }
        var random = new Random(seed);
        var steps = new ArrayList<Step>();
        var deck = new ArrayDeque<Fault>();
        var time = Duration.ZERO;
        while (true) {
            if (deck.isEmpty()) {
                var shuffled = new ArrayList<>(faults);
                Collections.shuffle(shuffled, random);
                deck.addAll(shuffled);
            }
            var after = Duration.ofMillis(300 + random.nextInt(2200));
            time = time.plus(after);
            if (time.compareTo(duration) > 0) {
                return new Plan(List.copyOf(steps));
            }
            steps.add(new Step(
                    after,
                    deck.remove(),
                    random.nextInt(Stage.INSTANCES),
                    Duration.ofMillis(200 + random.nextInt(6000))));
        }
    }
}
