package dev.freshet.delivery;

import dev.freshet.content.article.StrictJson;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
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
import tools.jackson.databind.node.ObjectNode;

/** The caller's subscriptions; for admins those of all accounts. */
@RestController
@RequestMapping("/api/v1/subscriptions")
@Tag(name = "Subscriptions")
class SubscriptionController {

    private static final int MAX_PAGE_SIZE = 100;
    // Sorts after every other id.
    private static final UUID LAST = new UUID(-1, -1);

    private final Subscriptions subscriptions;
    private final LagRepository lags;
    private final SubscriptionParser parser;
    private final StrictJson json;

    SubscriptionController(
            Subscriptions subscriptions, LagRepository lags, SubscriptionParser parser, StrictJson json) {
        this.subscriptions = subscriptions;
        this.lags = lags;
        this.parser = parser;
        this.json = json;
    }

    /** @param next the {@code before} of the next page; null on the last page */
    record SubscriptionPage(
            List<SubscriptionView> items, @Nullable UUID next) {}

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
                .create(caller, request(body))
                .map(stored -> ResponseEntity.created(URI.create(
                                "/api/v1/subscriptions/" + stored.row().id()))
                        .cacheControl(CacheControl.noStore())
                        .body(view(stored.row(), null, stored.key())));
    }

    @GetMapping
    @Operation(summary = "List your subscriptions, newest first", description = "Admins see those of all accounts.")
    Mono<SubscriptionPage> list(
            @CurrentCaller Caller caller,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "100") int limit) {
        checkLimit(limit);
        return subscriptions
                .list(caller, before == null ? LAST : before, limit + 1)
                .collectList()
                .flatMap(found -> {
                    var rows = found.subList(0, Math.min(limit, found.size()));
                    var next = found.size() > limit ? rows.getLast().id() : null;
                    return lags.find(rows.stream().map(SubscriptionRow::id).toArray(UUID[]::new))
                            .collect(Collectors.toMap(SubscriptionLag::id, Function.identity()))
                            .map(byId -> new SubscriptionPage(
                                    rows.stream()
                                            .map(row -> view(row, byId.get(row.id()), null))
                                            .toList(),
                                    next));
                });
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read a subscription with its state and lag")
    Mono<SubscriptionView> read(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return subscriptions
                .find(caller, id)
                .flatMap(row -> lags.find(new UUID[] {id})
                        .next()
                        .map(lag -> view(row, lag, null))
                        .defaultIfEmpty(view(row, null, null)));
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
        return subscriptions.change(caller, id, request(body)).map(row -> view(row, null, null));
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
                .map(stored -> ResponseEntity.ok()
                        .cacheControl(CacheControl.noStore())
                        .body(view(stored.row(), null, stored.key())));
    }

    private SubscriptionRequest request(JsonNode body) {
        if (!body.isObject()) {
            throw Problem.INVALID_REQUEST.because("The body must be a JSON object.");
        }
        try {
            return json.read(body, SubscriptionRequest.class);
        } catch (StrictJson.FaultException e) {
            throw Problem.invalid(List.of(e.fault()));
        }
    }

    static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_PAGE_SIZE) {
            throw Problem.INVALID_REQUEST.because("limit must be from 1 to " + MAX_PAGE_SIZE + ".");
        }
    }

    private SubscriptionView view(SubscriptionRow row, @Nullable SubscriptionLag lag, @Nullable String key) {
        var target = ((ObjectNode) parser.target(row).settings()).put("type", row.type());
        var error = row.lastError() == null || row.lastErrorAt() == null
                ? null
                : new SubscriptionView.LastError(row.lastErrorAt(), row.lastError());
        return new SubscriptionView(
                row.id(),
                row.account(),
                row.name(),
                parser.filter(row),
                target,
                row.content(),
                row.batch(),
                row.shownState(),
                row.cursor(),
                lag == null ? null : new SubscriptionView.Lag(lag.events(), lag.seconds(), lag.rejected()),
                row.failingSince(),
                row.failures() > 0 ? row.dueAt() : null,
                error,
                row.delivered(),
                row.attempts(),
                row.deliveredAt(),
                row.createdAt(),
                row.expiresAt(),
                key);
    }
}
