package dev.freshet.content.source;

import dev.freshet.content.source.SourceRequests.SourcePage;
import dev.freshet.content.source.SourceView.PollView;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.http.Representation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
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

    private static final String OPML = "text/x-opml";

    private final SourceRequests sources;
    private final SourceLists lists;

    SourceController(SourceRequests sources, SourceLists lists) {
        this.sources = sources;
        this.lists = lists;
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

    @PostMapping(consumes = {OPML, MediaType.APPLICATION_XML_VALUE, MediaType.TEXT_XML_VALUE})
    @Operation(
            summary = "Add the feeds of an OPML list to poll",
            description = "Folders and categories become tags. A feed that is a source already stays as it is.")
    Mono<SourceLists.Summary> add(@CurrentCaller Caller caller, @RequestBody byte[] opml) {
        return lists.add(caller, opml);
    }

    @GetMapping
    @Operation(
            summary = "List your sources, newest first",
            description = "Admins see those of all accounts. With Accept: text/x-opml, the response is a list of all"
                    + " sources of your own account for feed readers.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "As the Accept header prefers",
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = SourcePage.class)),
                                @Content(mediaType = OPML)
                            }))
    Mono<ResponseEntity<?>> list(
            @CurrentCaller Caller caller,
            ServerHttpRequest request,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "100") int limit) {
        return Representation.negotiate(request.getHeaders(), Representation.OF_DIRECTORY) == Representation.OPML
                ? lists.export(caller)
                        .map(opml -> ResponseEntity.ok()
                                .contentType(Representation.OPML.mediaType())
                                .body(opml))
                : sources.list(caller, before, limit)
                        .map(page -> ResponseEntity.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(page));
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
