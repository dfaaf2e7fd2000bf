package dev.freshet.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Caller;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Requests for test deliveries and for the events that a target rejected, as every API makes them. The caller must have the
 * scope {@code account}. Results fail with the problem to report to the client.
 */
@Component
public final class DirectDeliveryRequests {

    private final DirectDeliveries deliveries;

    DirectDeliveryRequests(DirectDeliveries deliveries) {
        this.deliveries = deliveries;
    }

    /**
     * The result of a delivery.
     *
     * @param error null if the target took the event
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DeliveryResult(
            boolean delivered, @Nullable String error) {

        static DeliveryResult of(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Delivered delivered -> new DeliveryResult(true, null);
                case Outcome.Refused refused -> new DeliveryResult(false, refused.error());
                case Outcome.Failed failed -> new DeliveryResult(false, failed.error());
                case Outcome.Gone gone -> new DeliveryResult(false, gone.error());
            };
        }
    }

    /** An event that the target refused. */
    public record RejectedView(Cursor cursor, String type, UUID article, String error, Instant rejectedAt) {}

    /**
     * A page of rejected events.
     *
     * @param next the {@code after} of the next page; null on the last page
     */
    public record RejectedPage(
            List<RejectedView> items, @Nullable Cursor next) {}

    /** Sends a test event to the target. */
    public Mono<DeliveryResult> test(Caller caller, UUID id) {
        return deliveries.test(caller, id).map(DeliveryResult::of);
    }

    /**
     * Lists the events that the target rejected, oldest first.
     *
     * @param after the {@code next} of the previous page; empty for the first page
     */
    public Mono<RejectedPage> rejected(Caller caller, UUID id, String after, int limit) {
        return Mono.defer(() -> {
            SubscriptionRequests.checkLimit(limit);
            return deliveries
                    .rejected(caller, id, after.isEmpty() ? null : cursor(after), limit + 1)
                    .map(row -> new RejectedView(
                            new Cursor(row.epoch(), row.seq()),
                            row.type(),
                            row.article(),
                            row.error(),
                            row.rejectedAt()))
                    .collectList()
                    .map(found -> {
                        var items = List.copyOf(found.subList(0, Math.min(limit, found.size())));
                        return new RejectedPage(
                                items, found.size() > limit ? items.getLast().cursor() : null);
                    });
        });
    }

    /** Sends a rejected event again. It is removed from the list if the target takes it. */
    public Mono<DeliveryResult> resend(Caller caller, UUID id, String cursor) {
        return Mono.defer(() -> deliveries.resend(caller, id, cursor(cursor))).map(DeliveryResult::of);
    }

    /** Removes an event from the list of rejected events. */
    public Mono<Void> discard(Caller caller, UUID id, String cursor) {
        return Mono.defer(() -> deliveries.discard(caller, id, cursor(cursor)));
    }

    private static Cursor cursor(String text) {
        var cursor = Cursor.parse(text);
        if (cursor == null) {
            throw Problem.INVALID_CURSOR.because("The cursor is invalid. Use one of the list of rejected events.");
        }
        return cursor;
    }
}
