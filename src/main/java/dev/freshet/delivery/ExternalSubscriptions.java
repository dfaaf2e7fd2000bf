package dev.freshet.delivery;

import java.util.UUID;
import reactor.core.publisher.Mono;

/** Subscriptions of other systems, without an account. Admins see and delete them like all others. */
public final class ExternalSubscriptions {

    private static final int BATCH = 100;

    private final ExternalSubscriptionRepository repository;
    private final SubscriptionParser parser;
    private final DeliveryWorker worker;

    ExternalSubscriptions(ExternalSubscriptionRepository repository, SubscriptionParser parser, DeliveryWorker worker) {
        this.repository = repository;
        this.parser = parser;
        this.worker = worker;
    }

    /**
     * Adds a subscription from the present end of the log, or renews it.
     *
     * @param max maximum of such subscriptions; a further one is not added
     * @return whether it is stored
     */
    public Mono<Boolean> put(ExternalSubscription subscription, int max) {
        var secrets = subscription.secrets();
        return repository
                .put(
                        subscription.id(),
                        parser.text(FeedFilter.of(subscription.feed())),
                        subscription.type(),
                        parser.text(subscription.target()),
                        secrets == null ? null : parser.text(secrets),
                        BATCH,
                        (double) subscription.lease().toSeconds(),
                        max)
                .hasElement()
                .doOnNext(stored -> worker.wake());
    }

    /** Removes a subscription, if it exists. */
    public Mono<Void> remove(UUID id) {
        return repository.remove(id).then();
    }
}
