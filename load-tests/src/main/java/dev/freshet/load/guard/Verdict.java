package dev.freshet.load.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of comparing a run with its budget.
 *
 * @param lines one per limit
 * @param targetShare the share of the generator's machine that processes of the target took, in percent
 */
record Verdict(List<Line> lines, double targetShare) {

    // With two processors, a target at its limit takes one for itself and shares the other.
    private static final double SATURATED = 50;

    /** The faults that figures point at. */
    private static final Map<String, String> MEANINGS = Map.of(
            "lost", ": events that were acknowledged did not reach a subscriber",
            "worst second", ": for a moment everything waited. An event loop was blocked, or a collection took as long",
            "memory per reconnect", ": each connection leaves memory outside the heap behind, such as a buffer",
            "cpu per operation", ": a page, delivery or publish takes more processor time");

    /**
     * A limit and the measured value.
     *
     * @param measured null where nothing was measured, which is a failure too
     * @param bare the median of the bare handler in milliseconds; 0 where it does not apply
     */
    record Line(
            String operation,
            String figure,
            Limit limit,
            double inEffect,
            @Nullable Double measured,
            double bare,
            boolean ok) {

        /** Returns the figure with its value and limit and its meaning, for a sentence. */
        String summary() {
            var value = String.format(
                            Locale.ROOT,
                            "%s %s is %s, limit %.4g %s",
                            operation,
                            figure,
                            measured == null
                                    ? "not measured"
                                    : String.format(Locale.ROOT, "%.4g %s", measured, limit.unit())
                                            .strip(),
                            inEffect,
                            limit.unit())
                    .strip();
            return operation.equals(Generator.OPERATION) ? value : value + MEANINGS.getOrDefault(figure, "");
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-5s %-12s %-10s %10s %s  (limit %.4g: %s%s)",
                    ok ? "ok" : "RED",
                    operation,
                    figure,
                    measured == null ? "nothing" : String.format(Locale.ROOT, "%.4g", measured),
                    limit.unit(),
                    inEffect,
                    limit,
                    limit.times() > 0 ? String.format(Locale.ROOT, ", bare handler %.3g ms", bare) : "");
        }
    }

    static Verdict of(Budget budget, Measured measured) {
        var slowness = measured.figures().getOrDefault(Run.SLOWNESS, 1.0);
        var lines = new ArrayList<Line>();
        budget.operations().forEach((operation, limits) -> judge(operation, limits, measured, slowness, lines));
        judge(Generator.OPERATION, budget.generator(), measured, slowness, lines);
        var share = value(Generator.OPERATION, Generator.TARGET, measured);
        return new Verdict(lines, share == null ? 0 : share);
    }

    private static void judge(
            String operation, Map<String, Limit> limits, Measured measured, double slowness, List<Line> lines) {
        limits.forEach((figure, limit) -> {
            var value = value(operation, figure, measured);
            var median = limit.times() > 0 ? value(Measured.BARE, "p50", measured) : null;
            var bare = median == null ? 0 : median;
            var inEffect = limit.inEffect(bare, slowness);
            lines.add(new Line(
                    operation, figure, limit, inEffect, value, bare, value != null && limit.holds(value, inEffect)));
        });
    }

    private static @Nullable Double value(String operation, String figure, Measured measured) {
        var named = measured.figures().get(operation + " " + figure);
        if (named != null) {
            return named;
        }
        var series = measured.operations().get(operation);
        if (series == null || series.count() == 0) {
            return null;
        }
        return figure.equals("errors") ? Double.valueOf(series.errors()) : percentile(series, figure);
    }

    private static @Nullable Double percentile(Series series, String figure) {
        return figure.startsWith("p")
                ? Double.valueOf(series.percentile(Double.parseDouble(figure.substring(1))))
                : null;
    }

    boolean isGreen() {
        return lines.stream().allMatch(Line::ok);
    }

    /**
     * Returns the outcome of a run against a target that answers. A limit of the generator outweighs all others, with one
     * exception: where a saturated target takes the processors of both, the lag is its doing.
     */
    Outcome outcome() {
        var broken = broken(false);
        var saturated = targetShare >= SATURATED && !broken.isEmpty();
        var generator = broken(true).stream()
                .filter(line -> !(saturated && line.figure().equals(Generator.LAG)))
                .toList();
        if (!generator.isEmpty()) {
            var line = generator.getFirst();
            return new Outcome(Outcome.Kind.GENERATOR, line.summary() + ". " + Generator.remedy(line.figure()));
        }
        if (broken.isEmpty()) {
            return new Outcome(Outcome.Kind.KEPT, "");
        }
        var reason = broken.stream().map(Line::summary).collect(Collectors.joining("; "));
        return new Outcome(
                Outcome.Kind.BROKEN,
                saturated
                        ? reason + String.format(Locale.ROOT, "; the target took %.0f %% of this machine", targetShare)
                        : reason);
    }

    private List<Line> broken(boolean generator) {
        return lines.stream()
                .filter(line -> !line.ok() && line.operation().equals(Generator.OPERATION) == generator)
                .toList();
    }
}
