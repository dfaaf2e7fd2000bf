package dev.freshet.load.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BesideTests {

    private final Measured measured = new Measured(0, 3600);

    @AfterEach
    void stop() {
        measured.stop();
    }

    @Test
    void restIsTheTimeThatNoSideExplains() {
        add(Measured.BARE, 1);
        add("publish", 4);
        add("delivery", 10);

        var compared = Beside.of(measured, Map.of("freshet_delivery", Map.of(50.0, 2.0)));

        assertThat(compared).singleElement().satisfies(each -> {
            assertThat(each.rest()).isCloseTo(3, within(0.02));
            assertThat(each.toString()).contains("delivery p50 10", "publishing 4", "rest 3", "in the sockets");
        });
    }

    @Test
    void pageWithinServerAndNetworkIsExplained() {
        add(Measured.BARE, 1);
        add("page", 3);

        var compared = Beside.of(measured, Map.of("freshet_page", Map.of(99.0, 2.5)));

        assertThat(compared).singleElement().satisfies(each -> {
            assertThat(each.rest()).isZero();
            assertThat(each.explanation()).isEqualTo("explained by the network");
        });
    }

    @Test
    void operationThatTheServerDoesNotMeasureIsLeftOut() {
        add("sign-in", 100);
        assertThat(Beside.of(measured, Map.of("freshet_page", Map.of(50.0, 1.0))))
                .isEmpty();
    }

    private void add(String operation, long millis) {
        var times = new Histogram(3);
        times.recordValueWithCount(TimeUnit.MILLISECONDS.toNanos(millis), 100);
        measured.add(operation, times, 0);
    }
}
