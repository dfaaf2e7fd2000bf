package dev.freshet.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTests {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void seedDeterminesThePlan() {
        assertThat(Plan.of(7, MINUTE, Fault.USUAL)).isEqualTo(Plan.of(7, MINUTE, Fault.USUAL));
        assertThat(Plan.of(7, MINUTE, Fault.USUAL)).isNotEqualTo(Plan.of(8, MINUTE, Fault.USUAL));
    }

    @Test
    void everyFaultHappensBeforeAnyHappensTwice() {
        var first = Plan.of(7, MINUTE, Fault.USUAL).steps().stream()
                .limit(Fault.USUAL.size())
                .map(Plan.Step::fault)
                .toList();
        assertThat(new HashSet<>(first)).hasSameSizeAs(Fault.USUAL);
    }

    @Test
    void nothingHappensAfterTheEnd() {
        var time = Plan.of(7, MINUTE, Fault.USUAL).steps().stream()
                .map(Plan.Step::after)
                .reduce(Duration.ZERO, Duration::plus);
        assertThat(time).isLessThanOrEqualTo(MINUTE);
    }

    @Test
    void planWithoutFaultsIsEmpty() {
        assertThat(Plan.of(7, MINUTE, List.of()).steps()).isEmpty();
    }
}
