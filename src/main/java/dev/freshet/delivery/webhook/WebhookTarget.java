package dev.freshet.delivery.webhook;

import dev.freshet.delivery.CloudEvents;
import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.DeliveryEvent.Notice;
import dev.freshet.delivery.Outcome;
import dev.freshet.delivery.SubscriptionSettings;
import dev.freshet.delivery.Target;
import dev.freshet.delivery.TargetFields;
import dev.freshet.delivery.TargetType;
import dev.freshet.platform.WireName;
import dev.freshet.platform.http.RetryAfter;
import dev.freshet.platform.outbound.OutboundAddress;
import dev.freshet.platform.outbound.Poster;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.trace.Tracing;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Delivers events to an address by POST. The address proves that it wants them by returning a challenge. Each request is
 * signed as Standard Webhooks specifies, and its body is one CloudEvent or a batch.
 */
@Component
final class WebhookTarget implements TargetType {

    private static final Duration FORMER_KEY_LIFETIME = Duration.ofDays(1);
    private static final int MAX_KEYS = 3;
    private static final int MAX_URL_LENGTH = 2000;
    private static final int GONE = 410;
    // The target read the event and does not accept it. Other errors concern the target rather than the event.
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 415, 422);

    private final Poster poster;
    private final SubscriptionSettings settings;
    private final JsonMapper json;
    private final Tracing tracing;

    WebhookTarget(Poster poster, SubscriptionSettings settings, JsonMapper json, Tracing tracing) {
        this.poster = poster;
        this.settings = settings;
        this.json = json;
        this.tracing = tracing;
    }

    /** The settings of a webhook, as they are stored and shown. */
    private record Settings(String url, String signature) {}

    private record Secrets(List<SigningKey> keys) {}

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public JsonNode settings(JsonNode requested) {
        var fields = new TargetFields(requested, "a webhook", Set.of("url", "signature"));
        var url = fields.text("url", "");
        if (url.length() > MAX_URL_LENGTH) {
            throw Problem.INVALID_REQUEST.because("target.url is longer than " + MAX_URL_LENGTH + " characters.");
        }
        OutboundAddress.parse("target.url", url);
        var signature = fields.text("signature", SigningKey.Algorithm.HMAC_SHA256.wireName());
        algorithm(signature);
        return json.valueToTree(new Settings(url, signature));
    }

    private static SigningKey.Algorithm algorithm(String name) {
        return WireName.parse(SigningKey.Algorithm.class, name)
                .orElseThrow(() -> TargetFields.invalid("signature", "must be hmac-sha256 or ed25519"));
    }

    @Override
    public JsonNode secrets(JsonNode target, @Nullable JsonNode former, Instant now) {
        var keys = new ArrayList<SigningKey>();
        keys.add(SigningKey.create(algorithm(target.path("signature").asString())));
        if (former != null) {
            for (var key : keys(former)) {
                if (key.isValid(now) && keys.size() < MAX_KEYS) {
                    keys.add(key.until() == null ? key.expiring(now.plus(FORMER_KEY_LIFETIME)) : key);
                }
            }
        }
        return json.valueToTree(new Secrets(keys));
    }

    @Override
    public @Nullable String key(@Nullable JsonNode secrets) {
        return secrets == null ? null : keys(secrets).getFirst().shown();
    }

    private List<SigningKey> keys(JsonNode secrets) {
        return json.treeToValue(secrets, Secrets.class).keys();
    }

    @Override
    public Mono<Outcome> verify(Target target) {
        return Mono.defer(() -> {
            var challenge = UUID.randomUUID().toString();
            var event = DeliveryEvent.notice(Notice.CHALLENGE, "{\"challenge\":\"" + challenge + "\"}");
            return post(target, event.id(), CloudEvents.ONE, CloudEvents.one(event))
                    .map(reply -> {
                        var outcome = outcome(reply);
                        return outcome instanceof Outcome.Delivered && !confirms(reply.body(), challenge)
                                ? new Outcome.Failed("The target did not return the challenge.", null)
                                : outcome;
                    })
                    .onErrorResume(WebhookTarget::failure);
        });
    }

    private boolean confirms(String body, String challenge) {
        if (body.strip().equals(challenge)) {
            return true;
        }
        try {
            return json.readTree(body).path("challenge").asString("").equals(challenge);
        } catch (JacksonException e) {
            return false;
        }
    }

    @Override
    public Mono<Outcome> deliver(Target target, List<DeliveryEvent> events) {
        return Mono.defer(() -> {
                    var first = events.getFirst();
                    return target.batched() && first.cursor() != null
                            ? post(target, batchId(events), CloudEvents.BATCH, CloudEvents.batch(events))
                            : post(target, first.id(), CloudEvents.ONE, CloudEvents.one(first));
                })
                .map(WebhookTarget::outcome)
                .onErrorResume(WebhookTarget::failure);
    }

    private static String batchId(List<DeliveryEvent> events) {
        return events.getFirst().id() + "_" + events.getLast().id();
    }

    private Mono<Poster.Reply> post(Target target, String id, String type, byte[] body) {
        var url = URI.create(target.settings().path("url").asString());
        var request = tracing.withParent(
                span -> poster.post(url, () -> headers(target, id, type, body, span), body, settings.timeout()));
        return tracing.span("webhook", request);
    }

    private Map<String, String> headers(Target target, String id, String type, byte[] body, @Nullable String span) {
        var now = Instant.now();
        var timestamp = now.getEpochSecond();
        var signatures = target.secrets() == null
                ? ""
                : keys(target.secrets()).stream()
                        .filter(key -> key.isValid(now))
                        .map(key -> key.sign(id, timestamp, body))
                        .collect(Collectors.joining(" "));
        var headers = new HashMap<>(Map.of(
                "Content-Type", type,
                "webhook-id", id,
                "webhook-timestamp", Long.toString(timestamp),
                "webhook-signature", signatures));
        if (span != null) {
            headers.put("traceparent", span);
        }
        return headers;
    }

    private static Outcome outcome(Poster.Reply reply) {
        var status = reply.status();
        if (status >= 200 && status < 300) {
            return new Outcome.Delivered();
        }
        var error = "The target returned the status " + status + ".";
        if (status == GONE) {
            return new Outcome.Gone(error);
        }
        return REFUSALS.contains(status)
                ? new Outcome.Refused(error)
                : new Outcome.Failed(error, RetryAfter.parse(reply.retryAfter(), Instant.now()));
    }

    private static Mono<Outcome> failure(Throwable failure) {
        return Mono.just(new Outcome.Failed(Objects.requireNonNullElse(detail(failure), "The delivery failed."), null));
    }

    private static @Nullable String detail(Throwable failure) {
        return failure instanceof ErrorResponse problem ? problem.getBody().getDetail() : null;
    }
}
