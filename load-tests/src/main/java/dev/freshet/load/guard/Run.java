package dev.freshet.load.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run of one simulation, from the start of its target to the verdict. */
public final class Run {

    // The subscriber with the fault of one stream.
    private static final int UNLUCKY = 7;

    private static final int BARE_PORT = 10;

    private static final String MACHINE = "machine";
    private static final String SLOWER = "slowness";

    /** The figure that says how much slower the machine is than that of the budgets. */
    static final String SLOWNESS = MACHINE + " " + SLOWER;

    private final Settings settings;
    private final Budget budget;
    private final Target target;
    private final Bare bare;
    private final Measured measured;
    private final Generator generator;
    private final Scrape scrape;
    private final Figures figures;
    private final @Nullable Plant plant;
    private final Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private Run(Settings settings, Budget budget, Target target, Bare bare) {
        this.settings = settings;
        this.budget = budget;
        this.target = target;
        this.bare = bare;
        this.measured = new Measured(budget.load("warm-up"), budget.load("seconds"));
        this.measured.figure(MACHINE, SLOWER, settings.slowness());
        this.generator = new Generator(measured, () -> processes(target, bare));
        this.scrape = new Scrape(target, measured);
        this.figures = new Figures(measured, scrape);
        this.plant = settings.plant().isProxy() ? new Plant(settings.plant(), target.address()) : null;
    }

    /**
     * Prepares a simulation with the settings of the system properties. If that fails, writes the outcome and ends the
     * program, since Gatling would print a stack trace instead of a reason.
     */
    public static Run of(String simulation) {
        var settings = Settings.fromSystemProperties(simulation);
        try {
            var budget = Budget.read(settings.budgets(), simulation, settings.profile(), settings.slowness());
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
            var run = new Run(
                    settings,
                    budget,
                    Target.of(settings, (int) budget.load("instances", 1)),
                    Bare.start(settings.folder(), settings.port() + BARE_PORT));
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
        // The code of failed assertions, after which Gatling's plugin runs the next simulation.
        System.exit(2);
        return new IllegalStateException(outcome.toString());
    }

    private static List<Long> processes(Target target, Bare bare) {
        return Stream.concat(target.processes().stream(), Stream.of(bare.process()))
                .toList();
    }

    public Budget budget() {
        return budget;
    }

    public Measured measured() {
        return measured;
    }

    public Figures figures() {
        return figures;
    }

    public Generator generator() {
        return generator;
    }

    public String token() {
        return target.token();
    }

    /** Returns the address under load. */
    public URI address() {
        return plant == null || !settings.plant().isForAll() ? target.address() : plant.address();
    }

    /**
     * Returns the address for a subscriber.
     *
     * @param number its number: the subscriber with a fault of its own has another address
     * @param attempt the number of its earlier connections: each goes to the next instance
     */
    public InetSocketAddress streamServer(int number, int attempt) {
        if (plant != null && !settings.plant().isForAll() && number == UNLUCKY) {
            return new InetSocketAddress(
                    plant.address().getHost(), plant.address().getPort());
        }
        var servers = servers();
        return servers.get((number + attempt) % servers.size());
    }

    /** Returns the addresses of all instances under load. */
    public List<InetSocketAddress> servers() {
        return target.addresses().stream()
                .map(each -> each.equals(target.address()) ? address() : each)
                .map(each -> new InetSocketAddress(each.getHost(), each.getPort()))
                .toList();
    }

    /** Creates a request with the token. */
    public HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token());
    }

    /** Returns the address of the bare handler. */
    public URI bare() {
        return bare.address();
    }

    /** Begins the load; only the first call has an effect. */
    public void begin() {
        measured.begin();
    }

    /** Stops the second instance and starts it again, under load. Returns false if this run did not start two. */
    public boolean restartSecond() {
        try {
            return target.restartSecond();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
        figures.finish();
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
                figures(verdict, settings.slowness()),
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
        Beside.of(measured, scrape.percentiles()).forEach(System.out::println);
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

    private static Map<String, Double> figures(Verdict verdict, double slowness) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put(SLOWNESS, slowness);
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
