package dev.freshet.content.source;

import dev.freshet.platform.outbound.OutboundAddress;
import dev.freshet.platform.outbound.Poster;
import dev.freshet.platform.problem.ProblemException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Subscribes sources at the hubs that their feeds name (WebSub, section 5). A hub's message makes the source due. */
final class Hubs {

    /** The path of callbacks, before the id of the source. */
    static final String CALLBACK_PATH = "/websub/";

    private static final Logger log = LoggerFactory.getLogger(Hubs.class);
    private static final Duration LEASE = Duration.ofDays(10);
    private static final Duration MIN_REST = Duration.ofHours(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SECRET_BYTES = 32;
    private static final int MAX_ERROR_LENGTH = 200;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final HubRepository repository;
    private final Poster poster;
    private final @Nullable String origin;

    /** @param origin the public address of this service; null if it has none, so that no hub can reach it */
    Hubs(HubRepository repository, Poster poster, @Nullable URI origin) {
        this.repository = repository;
        this.poster = poster;
        this.origin = origin == null ? null : origin.toString().replaceFirst("/+$", "");
    }

    /**
     * Subscribes a source, or renews its subscription if it ends before the poll after the next one. Never fails.
     *
     * @param hub null for none
     * @param topic the address of the feed as the hub knows it
     * @param delay the time until the next poll
     */
    Mono<Void> maintain(UUID source, @Nullable String hub, String topic, Duration delay) {
        if (origin == null || hub == null) {
            return Mono.empty();
        }
        return Mono.fromCallable(Hubs::secret)
                // Random numbers, which the system may block on.
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(secret -> repository.request(source, hub, topic, secret, (double)
                        delay.plus(MIN_REST).toSeconds()))
                .flatMap(row -> subscribe(row, origin))
                .onErrorResume(failure -> {
                    log.warn("Subscribing a source at its hub failed: {}", failure.toString());
                    return Mono.empty();
                });
    }

    private Mono<Void> subscribe(HubRow row, String callbacks) {
        var form = Map.of(
                "hub.mode", "subscribe",
                "hub.topic", String.valueOf(row.topic()),
                "hub.callback", callbacks + CALLBACK_PATH + row.id(),
                "hub.secret", String.valueOf(row.hubSecret()),
                "hub.lease_seconds", Long.toString(LEASE.toSeconds()));
        return Mono.defer(() -> poster.post(
                        OutboundAddress.parse("hub", String.valueOf(row.hub())),
                        () -> Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        encode(form),
                        TIMEOUT))
                .map(reply -> reply.status() / 100 == 2 ? "" : "The hub returned the status " + reply.status() + ".")
                .onErrorResume(
                        ProblemException.class,
                        problem -> Mono.just(String.valueOf(problem.getBody().getDetail())))
                .filter(error -> !error.isEmpty())
                .flatMap(error -> repository.refuse(row.id(), error))
                .then();
    }

    private static byte[] encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String secret() {
        var bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Records the reason for which the hub refuses a subscription. */
    Mono<Void> denied(UUID source, String reason) {
        var error = "The hub refused the subscription: " + reason;
        return repository
                .refuse(source, error.substring(0, Math.min(MAX_ERROR_LENGTH, error.length())))
                .then();
    }
}
