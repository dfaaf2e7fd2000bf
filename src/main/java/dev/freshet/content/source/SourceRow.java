package dev.freshet.content.source;

import dev.freshet.content.article.ImportLease;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A source as it is stored.
 *
 * @param url the address that the owner gave
 * @param feed the address of the feed; null until the first document was read
 * @param host the host of the next request
 * @param tags a JSON array of the tags that its articles receive
 * @param author the author of articles that name none; null for the name of the account
 * @param fixed the seconds between polls that the owner chose; null for adaptive
 * @param period the present adaptive seconds between polls
 * @param state the wire name of a {@link SourceState}, never of {@code failing}
 * @param fence the number of the last poll or change
 * @param body the digest of the last document; null without one
 * @param entries the digests of its entries, in Base64
 * @param hints the wishes of the feed, as JSON; null for none
 * @param failures failed polls since the last success
 * @param failingSince null while it is not failing
 * @param hub the hub that reports changes; null for none
 * @param hubUntil the end of the subscription at the hub; null while there is none
 * @param hubError why there is none; null for no error
 * @param pingedAt when the hub last reported a change; null for never
 * @param polls count of polls
 * @param articles count of articles that it brought
 * @param changedAt when a poll last brought a new or changed article
 */
@Table("polled_source")
record SourceRow(
        @Id UUID id,
        UUID account,
        String name,
        String url,
        @Nullable String feed,
        String host,
        String tags,
        @Nullable String author,
        @Nullable Long fixed,
        double period,
        String state,
        long fence,
        Instant dueAt,
        @Nullable String etag,
        @Nullable String lastModified,
        @Nullable Long body,
        String entries,
        @Nullable String hints,
        int failures,
        @Nullable Instant failingSince,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt,
        long polls,
        long articles,
        @Nullable Instant polledAt,
        @Nullable Instant changedAt,
        @Nullable String hub,
        @Nullable Instant hubUntil,
        @Nullable String hubError,
        @Nullable Instant pingedAt,
        Instant createdAt) {

    private static final double MILLIS = 1000;

    /** Returns the address of the next request. */
    URI address() {
        return URI.create(feed == null ? url : feed);
    }

    /** Returns whether a hub reported a change after the last poll. */
    boolean isPinged() {
        return pingedAt != null && (polledAt == null || polledAt.isBefore(pingedAt));
    }

    ImportLease lease() {
        return new ImportLease(id, fence);
    }

    /** Returns the time between polls, before what the feed and its server wish. */
    Duration interval() {
        return fixed == null ? Duration.ofMillis((long) (period * MILLIS)) : Duration.ofSeconds(fixed);
    }

    /** Returns the state that users see. */
    SourceState shownState() {
        return state.equals(SourceState.ACTIVE.wireName()) && failingSince != null
                ? SourceState.FAILING
                : SourceState.valueOf(state.toUpperCase(Locale.ROOT));
    }

    /** Returns the host of an address as the table has it. */
    static String host(URI address) {
        return address.getHost().toLowerCase(Locale.ROOT);
    }
}
