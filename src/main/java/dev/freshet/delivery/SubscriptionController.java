package dev.freshet.delivery;

import dev.freshet.delivery.SubscriptionRequests.SubscriptionPage;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The caller's subscriptions; for admins those of all accounts. */
@RestController
@RequestMapping("/api/v1/subscriptions")
@Tag(name = "Subscriptions")
class SubscriptionController {

    private final SubscriptionRequests subscriptions;

    SubscriptionController(SubscriptionRequests subscriptions) {
        this.subscriptions = subscriptions;
    }

    @PostMapping
    @Operation(
            summary = "Create a subscription",
            description = "Events of the feed are delivered once the target has confirmed that it wants them."
                    + " Only this response shows the key.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(implementation = SubscriptionRequest.class))))
    Mono<ResponseEntity<SubscriptionView>> create(@CurrentCaller Caller caller, @RequestBody JsonNode body) {
        return subscriptions
                .create(caller, body)
                .map(created -> ResponseEntity.created(URI.create("/api/v1/subscriptions/" + created.id()))
                        .cacheControl(CacheControl.noStore())
                        .body(created));
    }

    @GetMapping
    @Operation(summary = "List your subscriptions, newest first", description = "Admins see those of all accounts.")
    Mono<SubscriptionPage> list(
            @CurrentCaller Caller caller,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "100") int limit) {
        return subscriptions.list(caller, before, limit);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read a subscription with its state and lag")
    Mono<SubscriptionView> read(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return subscriptions.read(caller, id);
    }

    @PatchMapping("/{id}")
    @Operation(
            summary = "Change, pause, resume or replay a subscription",
            description = "start moves the cursor, and so replays events."
                    + " Events of a delivery in progress may be sent again.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(implementation = SubscriptionRequest.class))))
    Mono<SubscriptionView> change(@PathVariable UUID id, @CurrentCaller Caller caller, @RequestBody JsonNode body) {
        return subscriptions.change(caller, id, body);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a subscription with its rejected events")
    Mono<Void> remove(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return subscriptions.remove(caller, id);
    }

    @PostMapping("/{id}/key")
    @Operation(
            summary = "Replace the key with which you verify events",
            description = "The former key stays valid for a day: until then, each delivery has a signature with each.")
    Mono<ResponseEntity<SubscriptionView>> replaceKey(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return subscriptions
                .replaceKey(caller, id)
                .map(replaced ->
                        ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(replaced));
    }
}
