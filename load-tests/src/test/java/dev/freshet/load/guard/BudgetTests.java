package dev.freshet.load.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class BudgetTests {

    private static final Path TABLE = Path.of("../config/latency-budgets.yaml");
    private static final List<String> SIMULATIONS = List.of(
            "FeedPages",
            "FeedStreams",
            "Publishing",
            "ReaderJourney",
            "ReconnectStorm",
            "Spike",
            "Soak",
            "Stepping",
            "GraphQl",
            "Everything");

    @ParameterizedTest
    @FieldSource("SIMULATIONS")
    void tableHasEachSimulationInEachProfile(String simulation) throws IOException {
        for (var profile : List.of("smoke", "ci", "here", "release")) {
            var budget = Budget.read(TABLE, simulation, profile, 1);
            assertThat(budget.load("rate")).isPositive();
            assertThat(budget.load("warm-up")).isPositive();
            assertThat(budget.load("seconds")).isPositive();
            assertThat(budget.operations())
                    .isNotEmpty()
                    .allSatisfy((operation, limits) -> assertThat(limits).isNotEmpty());
            assertThat(budget.generator()).containsKeys("lag p99", "cpu", "memory", "gc", "files", "others");
        }
    }

    @Test
    void missingRowIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Budget.read(TABLE, "FeedPages", "none", 1))
                .withMessageContaining("FeedPages none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Budget.read(TABLE, "FeedPages", "smoke", 1).load("camels"))
                .withMessageContaining("camels");
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of("fast"));
    }

    @ParameterizedTest
    @CsvSource({
        // Within the milliseconds, or within the multiple.
        "15 ms or 8 x, 14, 0.5, true",
        "15 ms or 8 x, 15.1, 0.5, false",
        "15 ms or 8 x, 39, 5, true",
        "15 ms or 8 x, 41, 5, false",
        "0 %, 0, 0, true",
        "0 %, 0.01, 0, false",
        "0, 1, 0, false",
        ">= 80, 80, 0, true",
        ">= 80, 79, 0, false"
    })
    void limitHolds(String text, double measured, double bare, boolean holds) {
        var limit = Limit.of(text);
        assertThat(limit.holds(measured, limit.inEffect(bare, 1))).isEqualTo(holds);
    }

    @Test
    void simulationAddsLimitsOfTheGenerator() throws IOException {
        var limits = Budget.read(TABLE, "FeedStreams", "here", 1).generator();
        assertThat(limits.get("cpu per operation")).hasToString("8 µs");
        assertThat(limits).containsKey("lag p99");
        assertThat(Budget.read(TABLE, "Stepping", "here", 1).generator().get("cpu"))
                .hasToString("100 %");
    }

    @Test
    void slowerMachineHasLowerRatesAndLongerTimes() throws IOException {
        var here = Budget.read(TABLE, "Stepping", "here", 1);
        var slower = Budget.read(TABLE, "Stepping", "here", 2);
        assertThat(slower.load("rate")).isEqualTo(here.load("rate") / 2);
        assertThat(slower.load("warm-up")).isEqualTo(here.load("warm-up") * 2);
        assertThat(slower.load("seconds")).isEqualTo(here.load("seconds"));
        assertThat(slower.load("connections")).isEqualTo(here.load("connections"));
    }

    @ParameterizedTest
    @CsvSource({"20 ms, 40", "8 µs, 16", ">= 12000 /s, 6000", "0 %, 0", "1536 MB, 1536", ">= 1, 1", "4 ms or 6 x, 12"})
    void slowerMachineHasWiderLimits(String text, double inEffect) {
        assertThat(Limit.of(text).inEffect(2, 2)).isEqualTo(inEffect);
    }

    @Test
    void verdictCountsWithTheSlownessOfTheRun() throws IOException {
        var budget = Budget.read(TABLE, "Spike", "here", 1);
        var p50 = budget.operations().get("page").get("p50").absolute();
        assertThat(verdictOfP50(budget, 1.5 * p50, 1)).isFalse();
        assertThat(verdictOfP50(budget, 1.5 * p50, 2)).isTrue();
        assertThat(verdictOfP50(budget, 2.5 * p50, 2)).isFalse();
    }

    private static boolean verdictOfP50(Budget budget, double measuredMillis, double slowness) {
        var measured = new Measured(0, 3600);
        measured.figure("machine", "slowness", slowness);
        measured.figure("page", "p50", measuredMillis);
        measured.stop();
        return Verdict.of(budget, measured).lines().stream()
                .filter(line -> line.operation().equals("page") && line.figure().equals("p50"))
                .findFirst()
                .orElseThrow()
                .ok();
    }

    @Test
    void everyLimitOfTheTableCanFail() throws IOException {
        for (var simulation : SIMULATIONS) {
            var budget = Budget.read(TABLE, simulation, "smoke", 1);
            var measured = new Measured(0, 3600);
            measured.begin();
            var now = System.nanoTime();
            budget.operations().forEach((operation, limits) -> {
                measured.record(operation, now, now + TimeUnit.SECONDS.toNanos(30), false);
                limits.keySet().stream()
                        .filter(figure -> !figure.startsWith("p") && !figure.equals("errors"))
                        .forEach(figure -> measured.figure(
                                operation, figure, figure.equals("knee") || figure.equals("restarts") ? 0 : 1e6));
            });
            budget.generator().keySet().forEach(figure -> measured.figure("generator", figure, 1e6));
            measured.stop();
            assertThat(Verdict.of(budget, measured).lines()).isNotEmpty().noneMatch(Verdict.Line::ok);
        }
    }

    @Test
    void unmeasuredLimitIsRed() throws IOException {
        var measured = new Measured(0, 3600);
        measured.stop();
        assertThat(Verdict.of(Budget.read(TABLE, "FeedPages", "smoke", 1), measured)
                        .isGreen())
                .isFalse();
    }

    @Test
    void generatorAtItsLimitOutweighsBrokenBudget() throws IOException {
        var budget = Budget.read(TABLE, "FeedPages", "smoke", 1);
        assertThat(outcome(budget, 0, 0)).hasToString("kept");
        assertThat(outcome(budget, 1e6, 0).toString())
                .startsWith("broken: page ")
                .contains("is 1.000e+06 ms, limit");
        assertThat(outcome(budget, 1e6, 99).toString())
                .startsWith("the generator was the bottleneck: generator ")
                .contains("99 ", "limit");
    }

    @Test
    void saturatedTargetIsBlamedForTheLagOfItsMachine() throws IOException {
        var budget = Budget.read(TABLE, "FeedPages", "smoke", 1);
        assertThat(outcome(budget, 1e6, Map.of("lag p99", 99.0, "target", 70.0)).toString())
                .startsWith("broken: page ")
                .endsWith("the target took 70 % of this machine");
        assertThat(outcome(budget, 1e6, Map.of("lag p99", 99.0, "target", 30.0)).kind())
                .isEqualTo(Outcome.Kind.GENERATOR);
        assertThat(outcome(budget, 1e6, Map.of("cpu", 99.0, "lag p99", 99.0, "target", 70.0))
                        .toString())
                .startsWith("the generator was the bottleneck: generator cpu");
        assertThat(outcome(budget, 0, Map.of("lag p99", 99.0, "target", 70.0)).kind())
                .isEqualTo(Outcome.Kind.GENERATOR);
    }

    private static Outcome outcome(Budget budget, double server, double generator) {
        return outcome(
                budget,
                server,
                budget.generator().keySet().stream().collect(Collectors.toMap(figure -> figure, figure -> generator)));
    }

    private static Outcome outcome(Budget budget, double server, Map<String, Double> generator) {
        var measured = new Measured(0, 3600);
        budget.operations()
                .forEach((operation, limits) ->
                        limits.keySet().forEach(figure -> measured.figure(operation, figure, server)));
        budget.generator().keySet().forEach(figure -> measured.figure("generator", figure, 0));
        generator.forEach((figure, value) -> measured.figure("generator", figure, value));
        measured.stop();
        return Verdict.of(budget, measured).outcome();
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 4000000000, 28000, true, ulimit -n",
        "20000, 300000000, 28000, true, --generator.heap",
        "20000, 4000000000, 10000, false, ip_local_port_range"
    })
    void shortageNamesTheLimitAndTheRemedy(long files, long heap, long ports, boolean loopback, String remedy) {
        assertThat(new Capacity(files, heap, ports).shortage(15_000, loopback)).contains("15000 streams", remedy);
        assertThat(new Capacity(files, heap, ports).shortage(10, loopback)).isNull();
    }

    @Test
    void operationThatEndsAfterTheMeasuredTimeCounts() {
        var measured = new Measured(0, 3600);
        measured.begin();
        var start = System.nanoTime();
        measured.record("page", start, start + TimeUnit.HOURS.toNanos(2), false);
        measured.stop();
        assertThat(measured.operations().get("page").count()).isOne();
        assertThat(measured.operations().get("page").errors()).isEqualTo(100);
    }

    @Test
    void outcomeNamesEveryBrokenLimit() throws IOException {
        var budget = Budget.read(TABLE, "FeedStreams", "smoke", 1);
        assertThat(outcome(budget, 1e6, 0).toString()).contains("delivery p50 is", "; delivery lost is");
    }

    @Test
    void warmUpDoesNotCount() {
        var measured = new Measured(3600, 3600);
        measured.begin();
        measured.record("page", System.nanoTime(), false);
        measured.stop();
        assertThat(measured.operations().get("page").count()).isZero();
        assertThat(measured.operations().get("page").errors()).isZero();
    }
}
