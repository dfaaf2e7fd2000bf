package dev.freshet.delivery;

import dev.freshet.delivery.DirectDeliveryRequests.DeliveryResult;
import dev.freshet.delivery.DirectDeliveryRequests.RejectedPage;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
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

    private final DirectDeliveryRequests deliveries;

    DirectDeliveryController(DirectDeliveryRequests deliveries) {
        this.deliveries = deliveries;
    }

    @PostMapping("/test")
    @Operation(summary = "Send a test event to the target", description = "Reports whether the target took it.")
    Mono<DeliveryResult> test(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return deliveries.test(caller, id);
    }

    @GetMapping("/rejected")
    @Operation(summary = "List the events that the target rejected, oldest first")
    Mono<RejectedPage> rejected(
            @PathVariable UUID id,
            @CurrentCaller Caller caller,
            @RequestParam(defaultValue = "") String after,
            @RequestParam(defaultValue = "100") int limit) {
        return deliveries.rejected(caller, id, after, limit);
    }

    @PostMapping("/rejected/{cursor}")
    @Operation(
            summary = "Send a rejected event again",
            description = "It is removed from the list if the target takes it.")
    Mono<DeliveryResult> resend(@PathVariable UUID id, @PathVariable String cursor, @CurrentCaller Caller caller) {
        return deliveries.resend(caller, id, cursor);
    }

    @DeleteMapping("/rejected/{cursor}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Remove an event from the list of rejected events")
    Mono<Void> discard(@PathVariable UUID id, @PathVariable String cursor, @CurrentCaller Caller caller) {
        return deliveries.discard(caller, id, cursor);
    }
}
