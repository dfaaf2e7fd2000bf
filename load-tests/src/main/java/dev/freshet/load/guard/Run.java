package dev.freshet.load.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One run of one simulation, from the start of its target to the verdict. */
public final class Run {

    private final Settings settings;
    private final Budget budget;
    private final Target target;
    private final Bare bare;
    private final Measured measured;
    private final Generator generator;
    private final Scrape scrape;
    private final @Nullable Plant plant;
    private final Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private Run(Settings settings, Budget budget, Target target, Bare bare) {
        this.settings = settings;
        this.budget = budget;
        this.target = target;
        this.bare = bare;
        this.measured = new Measured(budget.load("warm-up"), budget.load("seconds"));
        this.generator = new Generator(measured);
        this.scrape = new Scrape(target);
        this.plant = settings.plant() == Plant.Kind.NONE ? null : new Plant(settings.plant(), target.address());
    }

    /**
     * Prepares a simulation with the settings of the system properties. If that fails, writes the outcome and ends the
     * program, since Gatling would print a stack trace instead of a reason.
     */
    public static Run of(String simulation) {
        var settings = Settings.fromSystemProperties();
        try {
            var budget = Budget.read(settings.budgets(), simulation, settings.profile());
            Outcome.unfinished().write(settings.folder(), simulation);
            Report.forget(settings.folder(), simulation);
            var streams = budget.load().getOrDefault("subscribers", 0.0).intValue();
            var shortage = Capacity.ofThisProcess().shortage(streams, settings.isLoopback());
            if (shortage != null) {
                throw end(settings, simulation, new Outcome(Outcome.Kind.GENERATOR, shortage));
            }
            return start(settings, budget);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Run start(Settings settings, Budget budget) throws IOException {
        try {
            var run = new Run(settings, budget, Target.of(settings), Bare.start(settings.folder()));
            run.scrape.start();
            return run;
        } catch (IOException | SQLException e) {
            throw end(settings, budget.simulation(), new Outcome(Outcome.Kind.TARGET, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static IllegalStateException end(Settings settings, String simulation, Outcome outcome) throws IOException {
        outcome.write(settings.folder(), simulation);
        System.out.println(simulation + ": " + outcome);
        System.exit(1);
        return new IllegalStateException(outcome.toString());
    }

    public Budget budget() {
        return budget;
    }

    public Measured measured() {
        return measured;
    }

    public Generator generator() {
        return generator;
    }

    public String token() {
        return target.token();
    }

    /** Returns the address under load. */
    public URI address() {
        return plant == null ? target.address() : plant.address();
    }

    /** Returns the address of the bare handler. */
    public URI bare() {
        return bare.address();
    }

    /** Begins the load; only the first call has an effect. */
    public void begin() {
        measured.begin();
    }

    /**
     * Records the growth, in percent, of an operation's p99 and of the server's heap from the first third to the last.
     */
    public void drift(String operation) {
        var seconds = measured.operations().get(operation);
        if (seconds != null) {
            measured.figure(
                    operation,
                    "drift",
                    drift(
                            seconds.seconds().stream()
                                    .filter(second -> second.measured() && second.count() > 0)
                                    .map(second -> second.percentiles().get(2))
                                    .toList(),
                            0.5));
        }
        // The memory in use just after a collection is the memory that is retained.
        measured.figure(
                "server",
                "heap drift",
                drift(
                        scrape.moments().stream()
                                .filter(moment -> moment.values().containsKey("jvm_memory_used_bytes_heap"))
                                .map(moment -> moment.values().get("jvm_memory_used_bytes_heap"))
                                .toList(),
                        0));
    }

    private static double drift(List<Double> values, double quantile) {
        var third = values.size() / 3;
        if (third == 0) {
            return 0;
        }
        return 100
                * (quantile(values.subList(values.size() - third, values.size()), quantile)
                                / quantile(values.subList(0, third), quantile)
                        - 1);
    }

    private static double quantile(List<Double> values, double quantile) {
        var sorted = values.stream().sorted().toList();
        return sorted.get((int) (quantile * (sorted.size() - 1)));
    }

    /**
     * Records the knee of an operation's latency curve while its rate rises step by step. The knee is the highest rate
     * at which the p99 is at most three times that of the first step.
     */
    public void knee(String operation, double step, int count, double secondsOfStep) {
        var series = measured.operations().get(operation);
        if (series == null) {
            return;
        }
        var steps = new TreeMap<Integer, List<Double>>();
        var first = new AtomicInteger(-1);
        series.seconds().stream().filter(second -> second.count() > 0).forEach(second -> {
            first.compareAndSet(-1, second.at());
            var number = Math.min(count - 1, (int) ((second.at() - first.get()) / secondsOfStep));
            steps.computeIfAbsent(number, absent -> new ArrayList<>())
                    .add(second.percentiles().get(2));
        });
        var knee = 0.0;
        for (var each : steps.entrySet()) {
            if (quantile(each.getValue(), 0.5) > 3 * quantile(steps.firstEntry().getValue(), 0.5)) {
                break;
            }
            knee = (each.getKey() + 1) * step;
        }
        measured.figure(operation, "knee", knee);
    }

    /**
     * Compares the measurements with the budget, and writes the report.
     *
     * @return whether the budget is kept and nothing is slower than in the run to compare with
     */
    public boolean judge() {
        measured.stop();
        generator.finish();
        scrape.stop();
        try {
            return report();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops all processes that this run started. */
    public void stop() {
        try {
            if (plant != null) {
                plant.close();
            }
            bare.stop();
            target.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean report() throws IOException {
        var verdict = Verdict.of(budget, measured);
        var entry = new History.Entry(
                settings.label(),
                at.toString(),
                commit(),
                budget.simulation(),
                budget.profile(),
                verdict.isGreen(),
                figures(verdict),
                History.seconds(measured));
        var history = new History(settings.history());
        var compared = settings.compare().isEmpty()
                ? List.<History.Comparison>of()
                : History.compare(history.last(settings.compare(), budget.simulation(), budget.profile()), entry);
        if (!settings.label().isEmpty()) {
            history.add(entry);
        }
        var outcome = outcome(verdict, compared);
        new Report(settings, settings.folder()).add(entry, budget, verdict, outcome, compared, measured, scrape);
        verdict.lines().forEach(System.out::println);
        compared.forEach(figure -> System.out.println((figure.isRegression() ? "RED   " : "ok    ") + figure));
        outcome.write(settings.folder(), budget.simulation());
        System.out.println(budget.simulation() + ": " + outcome);
        System.out.println("Report: " + settings.folder().resolve("report.html"));
        return outcome.isGreen();
    }

    private Outcome outcome(Verdict verdict, List<History.Comparison> compared) {
        if (!target.answers()) {
            return new Outcome(
                    Outcome.Kind.TARGET,
                    target.address() + "/actuator/health does not answer any more; read the log of the server");
        }
        var outcome = verdict.outcome();
        return outcome.isGreen()
                ? compared.stream()
                        .filter(History.Comparison::isRegression)
                        .findFirst()
                        .map(figure ->
                                new Outcome(Outcome.Kind.BROKEN, "slower than " + settings.compare() + ": " + figure))
                        .orElse(outcome)
                : outcome;
    }

    private static Map<String, Double> figures(Verdict verdict) {
        var figures = new LinkedHashMap<String, Double>();
        verdict.lines().forEach(line -> {
            var value = line.measured();
            if (value != null) {
                figures.put(line.operation() + " " + line.figure(), value);
            }
        });
        return figures;
    }

    private String commit() {
        try {
            var git = new ProcessBuilder("git", "-C", settings.root().toString(), "describe", "--always", "--dirty")
                    .redirectErrorStream(true)
                    .start();
            return new String(git.getInputStream().readAllBytes()).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
