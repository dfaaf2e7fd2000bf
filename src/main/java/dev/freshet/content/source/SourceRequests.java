package dev.freshet.content.source;

import dev.freshet.content.article.StrictJson;
import dev.freshet.content.source.SourceView.PollView;
import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Requests for the caller's sources, for admins those of all accounts, as every API makes them. The caller must have the scope
 * {@code articles:write}. Results fail with the problem to report to the client.
 *
 * <p>The content of a request is the JSON of a {@link SourceRequest}.
 */
@Component
public final class SourceRequests {

    private static final int MAX_PAGE_SIZE = 100;
    // Sorts after every other id.
    private static final UUID LAST = new UUID(-1, -1);

    private final Sources sources;
    private final SourceCodec codec;
    private final StrictJson json;

    SourceRequests(Sources sources, SourceCodec codec, StrictJson json) {
        this.sources = sources;
        this.codec = codec;
        this.json = json;
    }

    /**
     * A page of sources.
     *
     * @param next the {@code before} of the next page; null on the last page
     */
    public record SourcePage(
            List<SourceView> items, @Nullable UUID next) {}

    /** Creates a source, which is polled at once. */
    public Mono<SourceView> create(Caller caller, JsonNode content) {
        return Mono.defer(() -> sources.create(caller, request(content))).map(this::view);
    }

    /**
     * Lists sources, newest first.
     *
     * @param before the {@code next} of the previous page; null for the first page
     */
    public Mono<SourcePage> list(Caller caller, @Nullable UUID before, int limit) {
        return Mono.defer(() -> {
            if (limit < 1 || limit > MAX_PAGE_SIZE) {
                throw Problem.INVALID_REQUEST.because("limit must be from 1 to " + MAX_PAGE_SIZE + ".");
            }
            return sources.list(caller, before == null ? LAST : before, limit + 1)
                    .map(this::view)
                    .collectList()
                    .map(found -> {
                        var items = List.copyOf(found.subList(0, Math.min(limit, found.size())));
                        return new SourcePage(
                                items, found.size() > limit ? items.getLast().id() : null);
                    });
        });
    }

    /** Reads a source. */
    public Mono<SourceView> read(Caller caller, UUID id) {
        return sources.find(caller, id).map(this::view);
    }

    /** Changes, pauses or resumes a source. An active source is polled at once. */
    public Mono<SourceView> change(Caller caller, UUID id, JsonNode content) {
        return Mono.defer(() -> sources.change(caller, id, request(content))).map(this::view);
    }

    /** Deletes a source. Its articles stay. */
    public Mono<Void> remove(Caller caller, UUID id) {
        return sources.remove(caller, id);
    }

    /** Returns the last polls of a source, up to 50, newest first. */
    public Mono<List<PollView>> polls(Caller caller, UUID id) {
        return sources.polls(caller, id).map(SourceView::of).collectList();
    }

    private SourceRequest request(JsonNode body) {
        if (!body.isObject()) {
            throw Problem.INVALID_REQUEST.because("The body must be a JSON object.");
        }
        try {
            return json.read(body, SourceRequest.class);
        } catch (StrictJson.FaultException e) {
            throw Problem.invalid(List.of(e.fault()));
        }
    }

    private SourceView view(SourceRow row) {
        return SourceView.of(row, codec.tags(row));
    }
}
