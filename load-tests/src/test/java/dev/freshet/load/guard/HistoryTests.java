package dev.freshet.load.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTests {

    private final Random random = new Random(1);

    @TempDir
    private Path folder;

    @Test
    void lastRunOfTheLabelIsFound() throws IOException {
        var history = new History(folder.resolve("history.jsonl"));
        history.add(run("one", 10));
        history.add(run("one", 11));
        history.add(run("two", 12));
        assertThat(history.last("one", "FeedPages", "smoke").figures()).containsEntry("page p99", 11.0);
        assertThatIOException()
                .isThrownBy(() -> history.last("three", "FeedPages", "smoke"))
                .withMessageContaining("three");
    }

    @Test
    void noiseIsNoRegression() {
        assertThat(History.compare(run("before", 10), run("now", 10)))
                .hasSize(1)
                .noneMatch(History.Comparison::isRegression);
    }

    @Test
    void slowerRunIsARegression() {
        assertThat(History.compare(run("before", 10), run("now", 14)))
                .hasSize(1)
                .allMatch(History.Comparison::isRegression);
    }

    @Test
    void fasterRunIsNoRegression() {
        assertThat(History.compare(run("before", 14), run("now", 10))).noneMatch(History.Comparison::isRegression);
    }

    @Test
    void singleSlowSecondIsNoRegression() {
        var now = run("now", 10);
        var seconds = Stream.concat(now.seconds().get("page p99").stream().skip(1), Stream.of(5000.0))
                .toList();
        assertThat(History.compare(
                        run("before", 10),
                        new History.Entry(
                                "now", "", "", "FeedPages", "smoke", true, Map.of(), Map.of("page p99", seconds))))
                .hasSize(1)
                .noneMatch(History.Comparison::isRegression);
    }

    private History.Entry run(String label, double p99) {
        List<Double> seconds =
                Stream.generate(() -> p99 + random.nextGaussian()).limit(30).toList();
        return new History.Entry(
                label, "", "", "FeedPages", "smoke", true, Map.of("page p99", p99), Map.of("page p99", seconds));
    }
}
