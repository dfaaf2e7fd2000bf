package dev.freshet.load.guard;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A maximum or minimum of a figure.
 *
 * @param atLeast whether it is a minimum
 * @param absolute in the unit
 * @param unit {@code ms}, {@code µs}, {@code /s}, {@code %}, {@code MB}, {@code KB}, or empty for a number
 * @param times a multiple of the bare handler's median; 0 where the limit is only absolute
 */
public record Limit(boolean atLeast, double absolute, String unit, double times) {

    private static final Pattern TEXT =
            Pattern.compile("(>=)?\\s*([0-9.]+)\\s*(ms|µs|/s|%|MB|KB)?(?:\\s+or\\s+([0-9.]+)\\s*x)?");

    /** Parses {@code 15 ms or 8 x}, {@code 0.1 %}, {@code 0} or {@code >= 100}. */
    static Limit of(Object text) {
        var parts = TEXT.matcher(text.toString().strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not a limit: " + text);
        }
        return new Limit(
                parts.group(1) != null,
                Double.parseDouble(parts.group(2)),
                parts.group(3) == null ? "" : parts.group(3),
                parts.group(4) == null ? 0 : Double.parseDouble(parts.group(4)));
    }

    /**
     * Returns the greater of the two: a slow machine is not blamed for being slow, nor a fast one for a fraction of a
     * ms.
     *
     * @param slowness how much slower the machine is than that of the budgets
     */
    double inEffect(double bare, double slowness) {
        var here = absolute * allowance(slowness);
        return times > 0 ? Math.max(here, times * bare) : here;
    }

    /** Returns the ratio of a value on this machine to the same on that of the budgets. */
    double allowance(double slowness) {
        return switch (unit) {
            case "ms", "µs" -> slowness;
            case "/s" -> 1 / slowness;
            default -> 1;
        };
    }

    boolean holds(double measured, double inEffect) {
        return atLeast ? measured >= inEffect : measured <= inEffect;
    }

    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT, "%s%s%s", atLeast ? "≥ " : "", number(absolute), unit.isEmpty() ? "" : " " + unit)
                + (times > 0 ? " or " + number(times) + " ×" : "");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
