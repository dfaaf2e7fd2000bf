package dev.freshet.delivery;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.feedlog.SelectedEntry;
import dev.freshet.platform.WireName;
import dev.freshet.stream.ResetReason;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as a target receives it.
 *
 * @param id the same in each attempt; for events of the log, the text of their cursor
 * @param type an {@link EventType} of the log, {@code reset}, or {@code subscription.} and the name of a {@link Notice}
 * @param cursor the position in the log; null for events that the log does not have
 * @param article the article that changed; null for events that concern none
 * @param source the key of the article's source, before the change if it took the article out of the feed
 * @param data a JSON object
 * @param traceparent the span that caused it, as in the W3C header; null if it is not traced
 */
public record DeliveryEvent(
        String id,
        String type,
        Instant time,
        @Nullable Cursor cursor,
        @Nullable UUID article,
        @Nullable String source,
        String data,
        @Nullable String traceparent) {

    /** Returns an event of the log: the article, or only its id if it left the feed. */
    static DeliveryEvent of(long epoch, SelectedEntry selected, boolean content) {
        var entry = selected.entry();
        var cursor = new Cursor(epoch, entry.seq());
        var type = selected.leaves() ? EventType.WITHDRAWN : entry.type();
        var facets = selected.leaves() ? Objects.requireNonNullElse(entry.before(), entry.now()) : entry.now();
        return new DeliveryEvent(
                cursor.toString(),
                type.toString(),
                Instant.ofEpochMilli(entry.atMillis()),
                cursor,
                entry.articleId(),
                facets.source(),
                data(entry, selected.leaves(), content),
                entry.traceparent());
    }

    private static String data(LogEntry entry, boolean leaves, boolean content) {
        if (leaves && entry.type() != EventType.WITHDRAWN) {
            return "{\"id\":\"" + entry.articleId() + "\"}";
        }
        return content ? entry.wholeArticle() : entry.article();
    }

    /** Returns the notice that events before a position may be missing. */
    static DeliveryEvent reset(ResetReason reason, Cursor position) {
        return new DeliveryEvent(
                position + "-reset",
                "reset",
                Instant.now(),
                position,
                null,
                null,
                "{\"cursor\":\"" + position + "\",\"reason\":\"" + reason + "\"}",
                null);
    }

    /** Returns an event that only this subscription receives, outside of its order. */
    public static DeliveryEvent notice(Notice notice, String data) {
        return new DeliveryEvent(
                UUID.randomUUID().toString(),
                "subscription." + notice.wireName(),
                Instant.now(),
                null,
                null,
                null,
                data,
                null);
    }

    /** The types of events outside of the log. */
    public enum Notice implements WireName {
        /** Asks the target to confirm that it wants events. */
        CHALLENGE,
        /** A test that the owner requested. */
        TEST
    }
}
