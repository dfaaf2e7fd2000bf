package dev.freshet.content.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A source as its owner sees it.
 *
 * @param account its owner
 * @param url the address that the owner gave
 * @param feed the address of the feed; null until it was found
 * @param tags added to the tags of its articles
 * @param author the author of articles that name none; null for the name of the account
 * @param interval {@code adaptive}, or the duration between polls
 * @param nextPollAt null while it is not polled
 * @param polledAt time of the last poll; null for none so far
 * @param changedAt time of the last poll with a new or changed article; null for none so far
 * @param failingSince null while it is not failing
 * @param lastError the last failed poll; null for none so far
 * @param hub the hub that reports changes; null for none
 * @param polls count of polls
 * @param articles count of articles that it brought
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SourceView(
        UUID id,
        UUID account,
        String name,
        URI url,
        @Nullable URI feed,
        List<String> tags,
        @Nullable String author,
        String interval,
        SourceState state,
        @Nullable Instant nextPollAt,
        @Nullable Instant polledAt,
        @Nullable Instant changedAt,
        @Nullable Instant failingSince,
        @Nullable LastError lastError,
        @Nullable HubView hub,
        long polls,
        long articles,
        Instant createdAt) {

    /**
     * The subscription at a hub.
     *
     * @param until its end; null before the hub has confirmed it
     * @param error why there is none; null for no error
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HubView(
            String url, @Nullable Instant until, @Nullable String error) {}

    /** The last failed poll. */
    record LastError(Instant at, String message) {}

    /**
     * A poll.
     *
     * @param status the HTTP status; null without a response
     * @param created count of new articles
     * @param updated count of changed articles
     * @param unchanged count of entries without a change
     * @param rejected count of invalid entries
     * @param repaired count of repairs of the document and of its entries
     * @param seconds the duration
     * @param reason why it failed, or why the first entry was rejected; null for neither
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PollView(
            Instant at,
            @Nullable Integer status,
            int created,
            int updated,
            int unchanged,
            int rejected,
            int repaired,
            double seconds,
            @Nullable String reason) {}

    static SourceView of(SourceRow row, List<String> tags) {
        var state = row.shownState();
        var isPolled = state == SourceState.ACTIVE || state == SourceState.FAILING;
        return new SourceView(
                row.id(),
                row.account(),
                row.name(),
                URI.create(row.url()),
                row.feed() == null ? null : URI.create(row.feed()),
                tags,
                row.author(),
                IntervalText.of(row.fixed()),
                state,
                isPolled ? row.dueAt() : null,
                row.polledAt(),
                row.changedAt(),
                row.failingSince(),
                row.lastError() == null || row.lastErrorAt() == null
                        ? null
                        : new LastError(row.lastErrorAt(), row.lastError()),
                row.hub() == null ? null : new HubView(row.hub(), row.hubUntil(), row.hubError()),
                row.polls(),
                row.articles(),
                row.createdAt());
    }

    static PollView of(PollRow row) {
        return new PollView(
                row.at(),
                row.status(),
                row.created(),
                row.updated(),
                row.unchanged(),
                row.rejected(),
                row.repaired(),
                (double) row.millis() / 1000,
                row.reason());
    }
}
