package dev.freshet.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Test deliveries, and the events that a target rejected. */
@RestController
@RequestMapping("/api/v1/subscriptions/{id}")
@Tag(name = "Subscriptions")
class DirectDeliveryController {

    private final DirectDeliveries deliveries;

    DirectDeliveryController(DirectDeliveries deliveries) {
        this.deliveries = deliveries;
    }

    /** @param error null if the target took the event */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeliveryResult(boolean delivered, @Nullable String error) {

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
    record RejectedView(Cursor cursor, String type, UUID article, String error, Instant rejectedAt) {}

    /** @param next the {@code after} of the next page; null on the last page */
    record RejectedPage(List<RejectedView> items, @Nullable Cursor next) {}

    @PostMapping("/test")
    @Operation(summary = "Send a test event to the target", description = "Reports whether the target took it.")
    Mono<DeliveryResult> test(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return deliveries.test(caller, id).map(DeliveryResult::of);
    }

    @GetMapping("/rejected")
    @Operation(summary = "List the events that the target rejected, oldest first")
    Mono<RejectedPage> rejected(
            @PathVariable UUID id,
            @CurrentCaller Caller caller,
            @RequestParam(defaultValue = "") String after,
            @RequestParam(defaultValue = "100") int limit) {
        SubscriptionController.checkLimit(limit);
        return deliveries
                .rejected(caller, id, after.isEmpty() ? null : cursor(after), limit + 1)
                .map(row -> new RejectedView(
                        new Cursor(row.epoch(), row.seq()), row.type(), row.article(), row.error(), row.rejectedAt()))
                .collectList()
                .map(found -> {
                    var items = List.copyOf(found.subList(0, Math.min(limit, found.size())));
                    return new RejectedPage(
                            items, found.size() > limit ? items.getLast().cursor() : null);
                });
    }

    @PostMapping("/rejected/{cursor}")
    @Operation(
            summary = "Send a rejected event again",
            description = "It is removed from the list if the target takes it.")
    Mono<DeliveryResult> resend(@PathVariable UUID id, @PathVariable String cursor, @CurrentCaller Caller caller) {
        return deliveries.resend(caller, id, cursor(cursor)).map(DeliveryResult::of);
    }

    @DeleteMapping("/rejected/{cursor}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Remove an event from the list of rejected events")
    Mono<Void> discard(@PathVariable UUID id, @PathVariable String cursor, @CurrentCaller Caller caller) {
        return deliveries.discard(caller, id, cursor(cursor));
    }

    private static Cursor cursor(String text) {
        var cursor = Cursor.parse(text);
        if (cursor == null) {
            throw Problem.INVALID_CURSOR.because("The cursor is invalid. Use one of the list of rejected events.");
        }
        return cursor;
    }
}
