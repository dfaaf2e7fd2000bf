package dev.freshet.content.source;

import io.swagger.v3.oas.annotations.Hidden;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The callbacks of hubs (WebSub, sections 5.2 to 7): verification of intent, refusals, and content. */
@RestController
@Hidden
final class HubCallbackController {

    private static final Duration MAX_LEASE = Duration.ofDays(365);
    // A hub, or a client that knows the secret, can cause no more polls.
    private static final double MIN_PAUSE_SECONDS = 5;
    private static final int MAX_DIGITS = 9;

    private final HubRepository repository;
    private final Hubs hubs;
    private final PollWorker worker;

    HubCallbackController(HubRepository repository, Hubs hubs, PollWorker worker) {
        this.repository = repository;
        this.hubs = hubs;
        this.worker = worker;
    }

    @GetMapping(Hubs.CALLBACK_PATH + "{id}")
    Mono<ResponseEntity<String>> verify(@PathVariable UUID id, @RequestParam MultiValueMap<String, String> form) {
        var topic = value(form, "hub.topic");
        var challenge = ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(value(form, "hub.challenge"));
        var refused = ResponseEntity.status(HttpStatus.NOT_FOUND).<String>build();
        var isWanted = repository.find(id).filter(row -> row.wants(topic));
        return switch (value(form, "hub.mode")) {
            case "subscribe" ->
                isWanted.flatMap(row -> repository.confirm(id, lease(value(form, "hub.lease_seconds"))))
                        .map(confirmed -> challenge)
                        .defaultIfEmpty(refused);
            case "unsubscribe" -> isWanted.map(row -> refused).defaultIfEmpty(challenge);
            case "denied" ->
                isWanted.flatMap(row -> hubs.denied(id, value(form, "hub.reason")))
                        .thenReturn(ResponseEntity.ok().build());
            default -> Mono.just(ResponseEntity.badRequest().build());
        };
    }

    /** Takes content. Content without a valid signature is acknowledged and ignored (section 8). */
    @PostMapping(Hubs.CALLBACK_PATH + "{id}")
    Mono<ResponseEntity<Void>> distribute(
            @PathVariable UUID id,
            @RequestHeader(name = "X-Hub-Signature", required = false) @Nullable String signature,
            @RequestBody(required = false) byte @Nullable [] body) {
        var content = body == null ? new byte[0] : body;
        return repository
                .find(id)
                .filter(row -> row.hub() != null && row.state().equals(SourceState.ACTIVE.wireName()))
                .flatMap(row -> row.hubSecret() != null && HubSignature.isValid(signature, row.hubSecret(), content)
                        ? repository
                                .ping(id, MIN_PAUSE_SECONDS)
                                .doOnNext(pinged -> worker.wake())
                                .then(Mono.just(HttpStatus.ACCEPTED))
                        : Mono.just(HttpStatus.ACCEPTED))
                // The hub ends the subscription.
                .defaultIfEmpty(HttpStatus.GONE)
                .map(status -> ResponseEntity.status(status).build());
    }

    private static double lease(String seconds) {
        return seconds.matches("\\d{1," + MAX_DIGITS + "}")
                ? (double) Math.min(MAX_LEASE.toSeconds(), Long.parseLong(seconds))
                : (double) MAX_LEASE.toSeconds();
    }

    private static String value(MultiValueMap<String, String> form, String name) {
        var value = form.getFirst(name);
        return value == null ? "" : value;
    }
}
