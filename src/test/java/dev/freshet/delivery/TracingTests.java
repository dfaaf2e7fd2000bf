package dev.freshet.delivery;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static dev.freshet.testing.Freshet.untilAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.platform.trace.Tracing;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.HttpMethod;

/** The trace of a request that publishes, up to the webhook. */
@Timeout(300)
class TracingTests {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String REQUEST = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final Receiver receiver = new Receiver();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private static void publish(Freshet instance, String tag) {
        var reply = get(instance.send(
                HttpMethod.POST,
                "/api/v1/articles",
                "{\"title\":\"Traced\",\"tags\":[\"" + tag + "\"],\"status\":\"published\"}",
                "Authorization",
                "Bearer " + instance.token(Role.AUTHOR),
                "traceparent",
                REQUEST));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
    }

    @Test
    void traceLeadsFromTheRequestToTheWebhook() {
        try (var collector = new Collector();
                var instance = Freshet.start(Stores.database(), Stores.redis(), settings(collector))) {
            new Owner(instance, Role.READER).webhook(receiver, "traced", "");
            publish(instance, "traced");
            until(() -> receiver.events().findFirst().isPresent());

            var published = span(collector, "publish").id();
            assertThat(span(collector, "commit").parent()).isEqualTo(published);
            assertThat(span(collector, "relay").parent()).isEqualTo(published);
            assertThat(span(collector, "delivery").parent()).isEqualTo(published);
            var webhook = span(collector, "webhook");
            assertThat(webhook.parent()).isEqualTo(span(collector, "delivery").id());
            assertThat(receiver.events()
                            .findFirst()
                            .orElseThrow()
                            .path("traceparent")
                            .asString())
                    .isEqualTo("00-" + TRACE + "-" + published + "-01");
            assertThat(receiver.requests().getFirst().header("traceparent"))
                    .isEqualTo("00-" + TRACE + "-" + webhook.id() + "-01");
        }
    }

    private static Map<String, String> settings(Collector collector) {
        var settings = new HashMap<>(DeliveryTests.SETTINGS);
        settings.put("management.opentelemetry.tracing.export.otlp.endpoint", collector.url());
        settings.put("management.tracing.sampling.probability", "1");
        return settings;
    }

    /** Waits for a span of the trace. */
    private static Collector.Span span(Collector collector, String name) {
        until(() -> collector.find(TRACE, name) != null);
        return Objects.requireNonNull(collector.find(TRACE, name));
    }

    @Test
    void nothingIsTracedByDefault() {
        var instance = Freshet.shared(DeliveryTests.SETTINGS);
        var owner = new Owner(instance, Role.READER);
        var subscription = owner.webhook(receiver, "untraced", "");
        publish(instance, "untraced");
        untilAsserted(() -> assertThat(receiver.events())
                .as(() -> owner.read(subscription).toString())
                .isNotEmpty());

        assertThat(receiver.events().findFirst().orElseThrow().has("traceparent"))
                .isFalse();
        assertThat(receiver.requests().getFirst().headers().contains("traceparent"))
                .isFalse();
        assertThat(instance.bean(Tracing.class)).isSameAs(Tracing.OFF);
    }
}
