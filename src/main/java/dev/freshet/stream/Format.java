package dev.freshet.stream;

import dev.freshet.feed.SurrogateKeys;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.WireName;
import dev.freshet.platform.http.ClosingReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The formats of the feeds' own streams. */
enum Format implements StreamFormat, WireName {
    SSE(true, Detail.SUMMARY),
    SSE_FULL(true, Detail.FULL),
    SSE_KEYS(true, Detail.KEYS),
    NDJSON(false, Detail.SUMMARY),
    NDJSON_FULL(false, Detail.FULL),
    NDJSON_KEYS(false, Detail.KEYS);

    /** The selection of fields in an event. */
    enum Detail {
        /** The article without {@code body} and {@code html}. */
        SUMMARY,
        /** The whole article. */
        FULL,
        /** The article's id, and the surrogate keys of the pages that the event makes outdated. */
        KEYS
    }

    private final boolean sse;
    private final Detail detail;

    Format(boolean sse, Detail detail) {
        this.sse = sse;
        this.detail = detail;
    }

    static Format of(boolean sse, Detail detail) {
        return switch (detail) {
            case SUMMARY -> sse ? SSE : NDJSON;
            case FULL -> sse ? SSE_FULL : NDJSON_FULL;
            case KEYS -> sse ? SSE_KEYS : NDJSON_KEYS;
        };
    }

    @Override
    public boolean isSse() {
        return sse;
    }

    Detail detail() {
        return detail;
    }

    @Override
    public boolean content() {
        return detail == Detail.FULL;
    }

    @Override
    public byte[] event(Cursor cursor, LogEntry entry, boolean leaves) {
        var isStub = leaves && entry.type() != EventType.WITHDRAWN;
        var keys = detail == Detail.KEYS ? SurrogateKeys.of(entry) : null;
        return event(cursor, isStub ? EventType.WITHDRAWN : entry.type(), isStub ? id(entry) : article(entry), keys);
    }

    private String article(LogEntry entry) {
        return switch (detail) {
            case SUMMARY -> entry.article();
            case FULL -> entry.wholeArticle();
            case KEYS -> id(entry);
        };
    }

    private static String id(LogEntry entry) {
        return "{\"id\":\"" + entry.articleId() + "\"}";
    }

    private byte[] event(Cursor cursor, EventType type, String article, @Nullable List<String> keys) {
        var more = keys == null ? "" : ",\"keys\":[\"" + String.join("\",\"", keys) + "\"]";
        var data = "{\"cursor\":\"" + cursor + "\",\"type\":\"" + type + "\",\"article\":"
                + StreamFormat.singleLine(article) + more + "}";
        return isSse() ? utf8("id:" + cursor + "\nevent:" + type + "\ndata:" + data + "\n\n") : utf8(data + "\n");
    }

    @Override
    public byte[] greeting(long retryMillis) {
        return utf8(isSse() ? "retry:" + retryMillis + "\n:welcome\n\n" : "");
    }

    @Override
    public byte[] heartbeat() {
        return utf8(isSse() ? ":\n\n" : "\n");
    }

    @Override
    public byte[] reset(Cursor cursor, ResetReason reason) {
        var data = "{\"cursor\":\"" + cursor + "\",\"type\":\"reset\",\"reason\":\"" + reason + "\"}";
        return utf8(isSse() ? "id:" + cursor + "\nevent:reset\ndata:" + data + "\n\n" : data + "\n");
    }

    @Override
    public byte[] live(Cursor cursor) {
        return utf8(notice("live", "\"cursor\":\"" + cursor + "\""));
    }

    @Override
    public byte[] end(Cursor cursor) {
        // Without data it is no event, and still sets the last event id.
        return utf8(isSse() ? "id:" + cursor + "\n\n" : "");
    }

    @Override
    public byte[] expiring(Instant at) {
        return utf8(notice("expiring", "\"at\":\"" + at + "\""));
    }

    @Override
    public byte[] closing(ClosingReason reason, long retryMillis) {
        return isSse() ? reason.sse(retryMillis) : reason.ndjson();
    }

    @Override
    public String toString() {
        return wireName();
    }

    private String notice(String type, String fields) {
        var data = "{\"type\":\"" + type + "\"," + fields + "}";
        return isSse() ? "event:" + type + "\ndata:" + data + "\n\n" : data + "\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
