package dev.freshet.load.guard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * The measured values of repeated runs beside their budgets, as a table in Markdown. Those of a slower machine than that of
 * the budgets are converted to it. A budget of more than twice the worst value guards nothing, and is marked.
 */
final class Spread {

    private static final double MAX_BUDGET = 2;

    private Spread() {}

    /** @param args the table of budgets, the history, and a label */
    public static void main(String... args) throws IOException {
        var runs = new TreeMap<String, List<History.Entry>>();
        new History(Path.of(args[1]))
                .all(args[2])
                .forEach(entry -> runs.computeIfAbsent(
                                entry.simulation() + " " + entry.profile(), absent -> new ArrayList<>())
                        .add(entry));
        System.out.println("| simulation | figure | budget | median | spread | runs |\n|---|---|---|---|---|---|");
        for (var entries : runs.values()) {
            var of = entries.getFirst();
            var budget = Budget.read(Path.of(args[0]), of.simulation(), of.profile(), 1);
            budget.operations()
                    .forEach((operation, limits) -> limits.forEach(
                            (figure, limit) -> row(of.simulation(), operation + " " + figure, limit, entries)));
        }
    }

    private static void row(String simulation, String figure, Limit limit, List<History.Entry> entries) {
        var values = entries.stream()
                .map(History.Entry::figures)
                .filter(figures -> figures.containsKey(figure))
                .map(figures -> figures.get(figure) / limit.allowance(figures.getOrDefault(Run.SLOWNESS, 1.0)))
                .sorted()
                .toList();
        if (!values.isEmpty()) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %s%s | %s | %s–%s | %d |",
                    simulation,
                    figure,
                    limit,
                    isLoose(limit, values.getLast()) ? " (more than twice the worst)" : "",
                    number(values.get(values.size() / 2)),
                    number(values.getFirst()),
                    number(values.getLast()),
                    values.size()));
        }
    }

    private static boolean isLoose(Limit limit, double worst) {
        return !limit.atLeast() && limit.times() == 0 && worst > 0 && limit.absolute() > MAX_BUDGET * worst;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.3g", value);
    }
}
