package dev.freshet.load.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MergeTests {

    @Test
    void percentilesComeFromAllTimes() throws IOException {
        // 900 fast pages by one generator, 100 slow ones by another: the mean of their medians would be 50.5 ms.
        var merged = Merge.merge(List.of(result(900, 1, 0), result(100, 100, 3)));

        var page = merged.operations().get("page");
        assertThat(page.count()).isEqualTo(1000);
        assertThat(page.percentile(50)).isCloseTo(1, within(0.01));
        assertThat(page.percentile(95)).isCloseTo(100, within(0.1));
        assertThat(page.errors()).isCloseTo(10, within(1e-9));
    }

    @Test
    void eventsAreAddedUpAndTheWorstGeneratorCounts() throws IOException {
        var merged = Merge.merge(List.of(result(900, 1, 1), result(100, 1, 2)));

        assertThat(merged.figures())
                .containsEntry("delivery lost", 3.0)
                .containsEntry("generator cpu", 2.0)
                .containsEntry("server cpu per operation", 2.0 / 3);
    }

    private static JsonNode result(int count, long millis, double figure) {
        var times = new Histogram(3);
        times.recordValueWithCount(TimeUnit.MILLISECONDS.toNanos(millis), count);
        var measured = new Measured(0, 0);
        measured.stop();
        measured.add("page", times, millis == 1 ? 0 : count);
        var json = JsonMapper.builder().build();
        return json.valueToTree(Map.of(
                "histograms",
                Merge.encode(measured),
                "figures",
                Map.of("delivery lost", figure, "generator cpu", figure, "server cpu per operation", figure)));
    }
}
