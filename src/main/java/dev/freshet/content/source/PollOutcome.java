package dev.freshet.content.source;

import dev.freshet.content.format.FeedHints;
import dev.freshet.content.intake.ImportLine;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of one poll. */
sealed interface PollOutcome {

    /** Returns the HTTP status; null without a response. */
    @Nullable
    Integer status();

    /**
     * The feed was read, or has not changed.
     *
     * @param feed its address from now on
     * @param maxAge the minimum time until the next poll that its server wishes; null for none
     * @param counts the results of its entries
     * @param reason why the first rejected entry was rejected; null for none
     * @param hub the hub that it names
     */
    record Read(
            Integer status,
            URI feed,
            @Nullable Duration maxAge,
            FeedState state,
            ImportLine.Counts counts,
            @Nullable String reason,
            HubLink hub)
            implements PollOutcome {

        boolean hasNews() {
            return counts.created() + counts.updated() > 0;
        }
    }

    /**
     * The hub of a feed.
     *
     * @param hub null for none
     * @param topic the address of the feed as the hub knows it
     */
    record HubLink(@Nullable String hub, String topic) {}

    /** The address is a page that names its feed. */
    record Found(Integer status, URI feed) implements PollOutcome {}

    /**
     * The feed could not be read, and a later poll may succeed.
     *
     * @param retryAfter the minimum time until then; null if the server named none
     */
    record Failed(
            @Nullable Integer status,
            String reason,
            @Nullable Duration retryAfter) implements PollOutcome {}

    /** The feed is gone. */
    record Gone(Integer status, String reason) implements PollOutcome {}

    /**
     * The facts about a document that the next poll compares with.
     *
     * @param body the digest of the document
     * @param entries the digests of its entries
     */
    record FeedState(
            @Nullable String etag,
            @Nullable String lastModified,
            @Nullable Long body,
            List<Long> entries,
            FeedHints hints) {}
}
