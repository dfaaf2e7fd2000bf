package dev.freshet.content.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageIdTests {

    private static final String EVENTS = "application/cloudevents+json; charset=utf-8";

    private static @Nullable String id(@Nullable String type, String body, @Nullable String transport) {
        return MessageId.of(type, body.getBytes(StandardCharsets.UTF_8), transport);
    }

    @Test
    void cloudEventIsRecognisedByItsSourceAndId() {
        var event = id(EVENTS, "{\"id\":\"1\",\"source\":\"/a\"}", "m1");

        assertThat(id(EVENTS, "{\"id\":\"1\",\"source\":\"/a\",\"data\":{}}", "m2"))
                .isEqualTo(event);
        assertThat(id(EVENTS, "{\"id\":\"1\",\"source\":\"/b\"}", "m1")).isNotEqualTo(event);
    }

    @Test
    void otherMessageIsRecognisedByItsTransport() {
        var body = "{\"id\":\"1\",\"source\":\"/a\"}";

        assertThat(id(null, body, "m1")).isEqualTo(id(null, "{}", "m1")).isNotEqualTo(id(null, body, "m2"));
        assertThat(id(EVENTS, "no JSON", "m1")).isEqualTo(id(null, "", "m1"));
        assertThat(id(null, body, null)).isNull();
    }
}
