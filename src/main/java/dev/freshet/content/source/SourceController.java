package dev.freshet.content.source;

import dev.freshet.content.source.SourceRequests.SourcePage;
import dev.freshet.content.source.SourceView.PollView;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

/** The caller's sources; for admins those of all accounts. */
@RestController
@RequestMapping("/api/v1/sources")
@Tag(name = "Sources")
class SourceController {

    private final SourceRequests sources;

    SourceController(SourceRequests sources) {
        this.sources = sources;
    }

    @PostMapping
    @Operation(
            summary = "Add a feed to poll",
            description =
                    "url is the address of a feed, or of a page that names its feed. It is polled at once, and its"
                            + " entries become articles of your account.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(implementation = SourceRequest.class))))
    Mono<ResponseEntity<SourceView>> create(@CurrentCaller Caller caller, @RequestBody JsonNode body) {
        return sources.create(caller, body)
                .map(created -> ResponseEntity.created(URI.create("/api/v1/sources/" + created.id()))
                        .body(created));
    }

    @GetMapping
    @Operation(summary = "List your sources, newest first", description = "Admins see those of all accounts.")
    Mono<SourcePage> list(
            @CurrentCaller Caller caller,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "100") int limit) {
        return sources.list(caller, before, limit);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read a source with its state")
    Mono<SourceView> read(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return sources.read(caller, id);
    }

    @PatchMapping("/{id}")
    @Operation(
            summary = "Change, pause or resume a source",
            description = "An active source is polled at once.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(implementation = SourceRequest.class))))
    Mono<SourceView> change(@PathVariable UUID id, @CurrentCaller Caller caller, @RequestBody JsonNode body) {
        return sources.change(caller, id, body);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a source", description = "Its articles stay.")
    Mono<Void> remove(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return sources.remove(caller, id);
    }

    @GetMapping("/{id}/polls")
    @Operation(summary = "List the last 50 polls of a source, newest first")
    Mono<List<PollView>> polls(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return sources.polls(caller, id);
    }
}
