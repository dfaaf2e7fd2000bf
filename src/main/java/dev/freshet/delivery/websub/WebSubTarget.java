package dev.freshet.delivery.websub;

import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.Outcome;
import dev.freshet.delivery.Target;
import dev.freshet.delivery.TargetType;
import dev.freshet.platform.outbound.Poster;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import dev.freshet.read.page.FeedDocuments;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Distributes content to a callback (WebSub, section 7): the whole feed, however many events changed it. */
@Component
final class WebSubTarget implements TargetType {

    static final String NAME = "websub";

    private static final String TOPIC = "topic";
    private static final String CALLBACK = "callback";
    private static final String ORIGIN = "origin";
    private static final String SECRET = "secret";
    private static final int GONE = 410;

    private final FeedDocuments documents;
    private final Poster poster;
    private final WebSubSettings settings;

    WebSubTarget(FeedDocuments documents, Poster poster, WebSubSettings settings) {
        this.documents = documents;
        this.poster = poster;
        this.settings = settings;
    }

    /** Returns the settings of the target of a request. */
    static JsonNode settings(HubRequest request, String origin) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(TOPIC, request.topic())
                .put(CALLBACK, request.callback().toString())
                .put(ORIGIN, origin);
    }

    /** Returns the secrets of a target; null without a secret. */
    static @Nullable JsonNode secrets(@Nullable String secret) {
        return secret == null ? null : JsonNodeFactory.instance.objectNode().put(SECRET, secret);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Always fails, since callbacks subscribe at the hub. */
    @Override
    public JsonNode settings(JsonNode requested) {
        throw Problem.invalid(List.of(new Invalid("target.type", "websub is not created here: use the hub")));
    }

    @Override
    public @Nullable JsonNode secrets(JsonNode target, @Nullable JsonNode former, Instant now) {
        return null;
    }

    @Override
    public @Nullable String key(@Nullable JsonNode secrets) {
        return null;
    }

    /** Confirms always: the hub has verified the callback before the subscription was stored. */
    @Override
    public Mono<Outcome> verify(Target target) {
        return Mono.just(new Outcome.Delivered());
    }

    @Override
    public Mono<Outcome> deliver(Target target, List<DeliveryEvent> events) {
        var address = target.settings().path(TOPIC).asString();
        var origin = target.settings().path(ORIGIN).asString();
        var topic = documents.parse(address, origin);
        if (topic == null) {
            return Mono.just(new Outcome.Gone("The topic is not a feed of this server."));
        }
        var callback = URI.create(target.settings().path(CALLBACK).asString());
        return documents
                .read(topic, events.getLast().cursor())
                .flatMap(body -> poster.post(
                        callback, () -> headers(target, topic, body, documents.hub(origin)), body, settings.timeout()))
                .map(WebSubTarget::outcome)
                .onErrorResume(failure -> Mono.just(new Outcome.Failed(
                        failure instanceof ErrorResponse problem
                                ? String.valueOf(problem.getBody().getDetail())
                                : "The content cannot be read.",
                        null)));
    }

    private static Map<String, String> headers(Target target, FeedDocuments.Topic topic, byte[] body, String hub) {
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", topic.mediaType());
        headers.put(
                "Link",
                "<" + hub + ">; rel=\"hub\", <" + target.settings().path(TOPIC).asString() + ">; rel=\"self\"");
        if (target.secrets() != null) {
            headers.put(
                    "X-Hub-Signature",
                    "sha256=" + signature(target.secrets().path(SECRET).asString(), body));
        }
        return headers;
    }

    private static String signature(String secret, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Content cannot be signed", e);
        }
    }

    private static Outcome outcome(Poster.Reply reply) {
        var status = reply.status();
        if (status >= 200 && status < 300) {
            return new Outcome.Delivered();
        }
        var error = "The callback returned the status " + status + ".";
        return status == GONE ? new Outcome.Gone(error) : new Outcome.Failed(error, null);
    }
}
