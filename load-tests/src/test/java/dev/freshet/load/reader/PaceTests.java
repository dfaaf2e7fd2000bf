package dev.freshet.load.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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
    void ratesChangeOverTime() {
        // 100 requests while the rate rises from 0 to 100, 100 at that rate, 50 while it falls.
        var pace = Pace.along(
                BEGIN,
                List.of(
                        new Pace.Stretch(0, 100, TIME),
                        Pace.Stretch.at(100, Duration.ofSeconds(1)),
                        new Pace.Stretch(100, 0, Duration.ofSeconds(1))));

        assertThat(pace.due(0, BEGIN)).isEqualTo(BEGIN);
        assertThat(pace.due(25, BEGIN)).isEqualTo(BEGIN + 1_000_000_000L);
        assertThat(pace.due(100, BEGIN)).isEqualTo(BEGIN + 2_000_000_000L);
        assertThat(pace.due(150, BEGIN)).isEqualTo(BEGIN + 2_500_000_000L);
        assertThat(pace.due(249, BEGIN)).isBetween(BEGIN + 3_800_000_000L, BEGIN + 4_000_000_000L);
        assertThat(pace.due(250, BEGIN)).isEqualTo(Pace.NEVER);
    }

    @Test
    void closedLoopIsDueUntilItsEnd() {
        var pace = Pace.saturating(BEGIN, TIME);

        assertThat(pace.due(0, BEGIN + 1)).isEqualTo(BEGIN + 1);
        assertThat(pace.due(1_000_000, BEGIN + 1_999_999_999L)).isEqualTo(BEGIN + 1_999_999_999L);
        assertThat(pace.due(1, BEGIN + 2_000_000_000L)).isEqualTo(Pace.NEVER);
    }
}
