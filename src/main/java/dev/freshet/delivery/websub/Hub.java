package dev.freshet.delivery.websub;

import dev.freshet.delivery.ExternalSubscription;
import dev.freshet.delivery.ExternalSubscriptions;
import dev.freshet.platform.outbound.Poster;
import dev.freshet.platform.problem.Problem;
import dev.freshet.read.page.FeedDocuments;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Verifies the intent of subscribers (WebSub, section 5.3), and stores what they confirm. */
final class Hub implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Hub.class);
    static final int MAX_VERIFICATIONS = 64;

    private final FeedDocuments documents;
    private final ExternalSubscriptions subscriptions;
    private final Poster poster;
    private final WebSubSettings settings;
    private final Semaphore places = new Semaphore(MAX_VERIFICATIONS);
    private final Disposable.Composite verifications = Disposables.composite();

    Hub(FeedDocuments documents, ExternalSubscriptions subscriptions, Poster poster, WebSubSettings settings) {
        this.documents = documents;
        this.subscriptions = subscriptions;
        this.poster = poster;
        this.settings = settings;
    }

    /**
     * Accepts a request, and starts the verification of its callback. A subscription that exists stays as it is until the
     * callback confirms.
     *
     * @param origin the address by which the subscriber reached this server
     * @return fails with a problem if the request is invalid
     */
    Mono<Void> accept(HubRequest request, String origin) {
        var document = documents.parse(request.topic(), origin);
        if (document == null) {
            return Mono.error(() -> Problem.INVALID_REQUEST.because("hub.topic must be a feed of this server"
                    + " in Atom, RSS or JSON Feed: the address of its rel=self."));
        }
        if (!places.tryAcquire()) {
            return Mono.error(
                    () -> Problem.UNAVAILABLE.because("The hub is verifying too many requests. Retry later."));
        }
        var challenge = UUID.randomUUID().toString();
        var verification = poster.get(verification(request, challenge), settings.timeout())
                .filter(reply ->
                        reply.status() / 100 == 2 && reply.body().strip().equals(challenge))
                .flatMap(reply -> store(request, document, origin))
                .doOnError(failure -> log.debug("A callback of WebSub was not verified: {}", failure.toString()))
                .onErrorComplete()
                .doFinally(end -> places.release());
        return Mono.fromRunnable(() -> verifications.add(verification.subscribe()));
    }

    private static URI verification(HubRequest request, String challenge) {
        var address = UriComponentsBuilder.fromUri(request.callback())
                .queryParam("hub.mode", request.mode() == HubRequest.Mode.SUBSCRIBE ? "subscribe" : "unsubscribe")
                .queryParam("hub.topic", UriUtils.encode(request.topic(), StandardCharsets.UTF_8))
                .queryParam("hub.challenge", challenge);
        if (request.mode() == HubRequest.Mode.SUBSCRIBE) {
            address.queryParam("hub.lease_seconds", request.lease().toSeconds());
        }
        return address.build(true).toUri();
    }

    private Mono<Void> store(HubRequest request, FeedDocuments.Topic document, String origin) {
        var id = id(request);
        return switch (request.mode()) {
            case UNSUBSCRIBE -> subscriptions.remove(id);
            case SUBSCRIBE ->
                subscriptions
                        .put(
                                new ExternalSubscription(
                                        id,
                                        WebSubTarget.NAME,
                                        document.feed(),
                                        WebSubTarget.settings(request, origin),
                                        WebSubTarget.secrets(request.secret()),
                                        request.lease()),
                                settings.maxSubscriptions())
                        .then();
        };
    }

    /** Returns the id of the subscription, which is the same for each request of a callback for a topic. */
    private static UUID id(HubRequest request) {
        return UUID.nameUUIDFromBytes((request.callback() + "\n" + request.topic()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void destroy() {
        verifications.dispose();
    }
}
