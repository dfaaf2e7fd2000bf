package dev.freshet.load.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTimeTests {

    private final Map<Long, Double> processes = new HashMap<>(Map.of(1L, 100.0, 2L, 50.0));
    private final TargetTime time = new TargetTime(process -> processes.getOrDefault(process, 0.0));

    @Test
    void countsFromTheFirstReading() {
        assertThat(time.seconds(List.of(1L, 2L))).isZero();
        processes.put(1L, 103.0);
        assertThat(time.seconds(List.of(1L, 2L))).isEqualTo(3);
    }

    @Test
    void restartedInstanceCountsBeforeAndAfter() {
        time.seconds(List.of(1L, 2L));
        processes.put(2L, 54.0);
        time.seconds(List.of(1L, 2L));
        processes.remove(2L);
        assertThat(time.seconds(List.of(1L, 2L))).isEqualTo(4);
        processes.put(3L, 6.0);
        assertThat(time.seconds(List.of(1L, 3L))).isEqualTo(10);
    }
}
