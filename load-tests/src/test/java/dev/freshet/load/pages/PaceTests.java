package dev.freshet.load.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTests {

    private static final long BEGIN = 1_000_000_000_000L;
    private static final Duration TIME = Duration.ofSeconds(2);

    @Test
    void openLoopIsDueEvenly() {
        var pace = Pace.atRate(BEGIN, TIME, 1000);

        assertThat(pace.due(0, BEGIN)).isEqualTo(BEGIN);
        assertThat(pace.due(1, BEGIN + 999_999_999)).isEqualTo(BEGIN + 1_000_000);
        assertThat(pace.due(1999, BEGIN)).isEqualTo(BEGIN + 1_999_000_000L);
    }

    @Test
    void openLoopHasTheRequestsOfItsRate() {
        var pace = Pace.atRate(BEGIN, TIME, 0.75);

        assertThat(pace.due(1, BEGIN)).isEqualTo(BEGIN + 1_333_333_333L);
        assertThat(pace.due(2, BEGIN)).isEqualTo(Pace.NEVER);
    }

    @Test
    void openLoopHasAtLeastOneRequest() {
        assertThat(Pace.atRate(BEGIN, TIME, 0.01).due(0, BEGIN)).isEqualTo(BEGIN);
    }

    @Test
    void closedLoopIsDueUntilItsEnd() {
        var pace = Pace.saturating(BEGIN, TIME);

        assertThat(pace.due(0, BEGIN + 1)).isEqualTo(BEGIN + 1);
        assertThat(pace.due(1_000_000, BEGIN + 1_999_999_999L)).isEqualTo(BEGIN + 1_999_999_999L);
        assertThat(pace.due(1, BEGIN + 2_000_000_000L)).isEqualTo(Pace.NEVER);
    }
}
