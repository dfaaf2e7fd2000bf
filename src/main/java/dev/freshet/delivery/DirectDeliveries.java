package dev.freshet.delivery;

import dev.freshet.identity.account.Caller;
import dev.freshet.log.feedlog.Condition;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.SelectedEntry;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deliveries that an owner requests, outside of the order: a test, and rejected events. They never move the cursor. */
final class DirectDeliveries {

    private final Subscriptions subscriptions;
    private final RejectedEventRepository repository;
    private final SubscriptionParser parser;
    private final FeedLog feedLog;

    DirectDeliveries(
            Subscriptions subscriptions,
            RejectedEventRepository repository,
            SubscriptionParser parser,
            FeedLog feedLog) {
        this.subscriptions = subscriptions;
        this.repository = repository;
        this.parser = parser;
        this.feedLog = feedLog;
    }

    /** Sends a test event to the target, also while the subscription is paused. */
    Mono<Outcome> test(Caller caller, UUID id) {
        var event = DeliveryEvent.notice(DeliveryEvent.Notice.TEST, "{\"subscription\":\"" + id + "\"}");
        return subscriptions.find(caller, id).flatMap(row -> send(caller, row, event));
    }

    /** Returns rejected events of a subscription, oldest first. */
    Flux<RejectedEvent> rejected(Caller caller, UUID id, @Nullable Cursor after, int limit) {
        return subscriptions
                .find(caller, id)
                .flatMapMany(row ->
                        repository.list(id, after == null ? 0 : after.epoch(), after == null ? 0 : after.seq(), limit));
    }

    /** Sends a rejected event again, and removes it from the list if the target takes it. */
    Mono<Outcome> resend(Caller caller, UUID id, Cursor cursor) {
        return subscriptions
                .find(caller, id)
                .flatMap(row -> repository
                        .find(id, cursor.epoch(), cursor.seq())
                        .switchIfEmpty(Mono.error(DirectDeliveries::notRejected))
                        .flatMap(rejected -> event(row, rejected))
                        .flatMap(event -> send(caller, row, event))
                        .flatMap(outcome -> outcome instanceof Outcome.Delivered
                                ? repository
                                        .remove(id, cursor.epoch(), cursor.seq())
                                        .thenReturn(outcome)
                                : Mono.just(outcome)));
    }

    /** Removes an event from the list. */
    Mono<Void> discard(Caller caller, UUID id, Cursor cursor) {
        return subscriptions
                .find(caller, id)
                .flatMap(row -> repository.remove(id, cursor.epoch(), cursor.seq()))
                .switchIfEmpty(Mono.error(DirectDeliveries::notRejected))
                .then();
    }

    private Mono<DeliveryEvent> event(SubscriptionRow row, RejectedEvent rejected) {
        return feedLog.extent()
                .filter(extent -> extent.epoch() == rejected.epoch())
                .flatMap(extent -> feedLog.select(rejected.seq() - 1, rejected.seq(), 1, Condition.ALL, row.content())
                        .next())
                .map(selected -> DeliveryEvent.of(
                        rejected.epoch(),
                        new SelectedEntry(selected.entry(), rejected.type().equals(EventType.WITHDRAWN.toString())),
                        row.content()))
                .switchIfEmpty(Mono.error(() -> Problem.NOT_FOUND.because("The log no longer has this event.")));
    }

    private Mono<Outcome> send(Caller caller, SubscriptionRow row, DeliveryEvent event) {
        var type = parser.type(row.type());
        var target = parser.target(row);
        Subscriptions.checkRole(caller, type, target.settings());
        return type.deliver(target, List.of(event));
    }

    private static RuntimeException notRejected() {
        return Problem.NOT_FOUND.because("The subscription has no rejected event of this cursor.");
    }
}
