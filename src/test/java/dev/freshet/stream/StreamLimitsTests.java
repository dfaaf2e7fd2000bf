package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class StreamLimitsTests {

    @ParameterizedTest
    @CsvSource({"18000, 16200", "1000000, 100000", "5, 1"})
    void defaultsFollowFromTheLimitOfOpenFiles(int maxConnections, int max) {
        assertThat(limits(Map.of(), maxConnections).max()).isEqualTo(max);
    }

    @ParameterizedTest
    @CsvSource({"18000, 1620", "5, 1"})
    void addressHasTenthOfTheInstance(int maxConnections, int max) {
        var limits = limits(Map.of(), maxConnections);
        assertThat(limits.maxPerAddress()).isEqualTo(max);
    }

    @ParameterizedTest
    @CsvSource({"18000", "10"})
    void settingsReplaceTheDefaults(int maxConnections) {
        var limits = limits(
                Map.of("freshet.stream.max-streams", "7", "freshet.stream.max-per-address", "3"), maxConnections);
        assertThat(limits.max()).isEqualTo(7);
        assertThat(limits.maxPerAddress()).isEqualTo(3);
    }

    private static StreamLimits limits(Map<String, String> settings, int maxConnections) {
        var binder = new Binder(new MapConfigurationPropertySource(settings));
        return new StreamLimits(binder.bindOrCreate("freshet.stream", StreamSettings.class), maxConnections);
    }
}
