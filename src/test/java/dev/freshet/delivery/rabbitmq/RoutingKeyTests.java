package dev.freshet.delivery.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.delivery.DeliveryEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routing keys of sources and types. */
class RoutingKeyTests {

    private static DeliveryEvent event(@Nullable String source) {
        return new DeliveryEvent("1-1", "article.published", Instant.EPOCH, null, null, source, "{}", null);
    }

    @ParameterizedTest
    @CsvSource({
        "example news,article.published.example-news",
        "example.org,article.published.example-org",
        "a*b#c.,article.published.a-b-c-",
        "übersicht,article.published.übersicht",
        "'',article.published.-"
    })
    void sourceIsOneWord(String source, String key) {
        assertThat(RoutingKey.of(event(source))).isEqualTo(key);
    }

    @Test
    void eventWithoutASourceHasItsType() {
        assertThat(RoutingKey.of(event(null))).isEqualTo("article.published");
    }

    @Test
    void keyIsCutAtTheMaximumOfTheProtocol() {
        var key = RoutingKey.of(event("ü".repeat(200)));

        assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSize(254);
    }
}
