package dev.freshet.load.regress;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.TTest;

/**
 * The ratios of the cost of two commits, one for each pair of program starts. A start is the unit of the statistics,
 * since a JVM compiles differently each time and all rounds of one start share that.
 *
 * <p>The second commit is slower if it takes at least 2 % more, and the one-sided t-test of the logarithms says so. A
 * smaller difference may be certain and yet not matter. The test's probability of chance must be below {@value
 * #FALSE_ALARMS}, the rate of false alarms of one comparison.
 */
record Ratios(String operation, List<Double> ratios) {

    static final double FALSE_ALARMS = 0.005;

    private static final double MATTERS = 1.02;
    private static final int DRAWS = 10_000;

    Ratios {
        ratios = List.copyOf(ratios);
    }

    private double[] logarithms() {
        return ratios.stream().mapToDouble(Math::log).toArray();
    }

    /** Returns the geometric mean. */
    double mean() {
        return Math.exp(Arrays.stream(logarithms()).average().orElse(0));
    }

    /** Returns the probability that a commit that is not slower shows such ratios; 1 with too few. */
    double chance() {
        return ratios.size() < 3
                ? 1
                : TTest.withDefaults()
                        .with(AlternativeHypothesis.GREATER_THAN)
                        .test(logarithms())
                        .getPValue();
    }

    boolean isSlower() {
        return mean() >= MATTERS && chance() < FALSE_ALARMS;
    }

    /**
     * Returns the share of comparisons that would find the second commit slower. Each is drawn from these ratios, with
     * replacement.
     *
     * @param starts pairs of starts of a comparison
     * @param factor by which all ratios are multiplied, as if the second commit took more
     */
    double shareOfSlower(int starts, double factor) {
        var random = new SplittableRandom(1);
        return IntStream.range(0, DRAWS)
                        .mapToObj(draw -> new Ratios(
                                operation,
                                random.ints(starts, 0, ratios.size())
                                        .mapToObj(start -> factor * ratios.get(start))
                                        .toList()))
                        .filter(Ratios::isSlower)
                        .count()
                / (double) DRAWS;
    }

    @Override
    public String toString() {
        var sorted = ratios.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%-5s %-9s × %.3f (%.3f to %.3f in %d pairs of starts), by chance %.2g",
                isSlower() ? "RED" : "ok",
                operation,
                mean(),
                sorted.getFirst(),
                sorted.getLast(),
                ratios.size(),
                chance());
    }
}
