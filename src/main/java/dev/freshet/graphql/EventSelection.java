package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.stream.ResetReason;
import dev.freshet.stream.StreamFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The format of a subscription over server-sent events (GraphQL over SSE, distinct connections mode). Selections of the same
 * document and variables are equal, so subscribers share the encoded events.
 *
 * <p>The protocol knows the events {@code next} and {@code complete} only, so notices are selections too. After {@code
 * complete} clients do not reconnect, so a stream that the server closes ends without it.
 */
final class EventSelection implements StreamFormat {

    /**
     * The key of an encoded event.
     *
     * @param article the JSON of the article, which changes when it is withdrawn later
     */
    record Encoded(EventSelection selection, Cursor cursor, String article, boolean leaves) {}

    /** The document and everything that its result depends on except the event. */
    private record Identity(String document, @Nullable String operation, Map<String, Object> variables) {}

    private final Engine engine;
    private final Documents.Prepared document;
    private final DocumentRequest request;
    private final boolean content;
    private final Cache<Encoded, byte[]> encodings;
    private final JsonMapper json;
    private final Identity identity;

    EventSelection(
            Engine engine,
            Documents.Prepared document,
            DocumentRequest request,
            boolean content,
            Cache<Encoded, byte[]> encodings,
            JsonMapper json) {
        this.engine = engine;
        this.document = document;
        this.request = request;
        this.content = content;
        this.encodings = encodings;
        this.json = json;
        this.identity = new Identity(document.text(), request.operationName(), request.variables());
    }

    @Override
    public boolean isSse() {
        return true;
    }

    @Override
    public boolean content() {
        return content;
    }

    // The first event loop that needs the bytes encodes them; the others wait for it.
    @Override
    public byte[] event(Cursor cursor, LogEntry entry, boolean leaves) {
        return encodings.get(
                new Encoded(this, cursor, entry.article(), leaves), absent -> encode(cursor, entry, leaves));
    }

    private byte[] encode(Cursor cursor, LogEntry entry, boolean leaves) {
        var type = leaves ? EventType.WITHDRAWN : entry.type();
        var event = event(type.name(), cursor);
        event.put("id", entry.articleId());
        if (type != EventType.WITHDRAWN) {
            event.put("article", article(entry));
        }
        return next(cursor, event);
    }

    /** Returns null for an article that was withdrawn since, of which the log has only the id. */
    private @Nullable Map<String, Object> article(LogEntry entry) {
        var article = ArticleFields.of(entry.article(), json);
        if (!article.containsKey("title")) {
            return null;
        }
        var body = entry.content();
        if (content && body != null) {
            article.putAll(json.readValue(body, ArticleFields.TYPE));
        }
        return article;
    }

    @Override
    public byte[] greeting(long retryMillis) {
        return utf8("retry:" + retryMillis + "\n:welcome\n\n");
    }

    @Override
    public byte[] heartbeat() {
        return utf8(":\n\n");
    }

    @Override
    public byte[] reset(Cursor cursor, ResetReason reason) {
        var event = event("RESET", cursor);
        event.put("reason", reason.toString());
        return next(cursor, event);
    }

    @Override
    public byte[] live(Cursor cursor) {
        return next(cursor, event("LIVE", cursor));
    }

    @Override
    public byte[] end(Cursor cursor) {
        return utf8("id:" + cursor + "\nevent:complete\ndata:\n\n");
    }

    @Override
    public byte[] expiring(Instant at) {
        var event = event("EXPIRING", null);
        event.put("at", at);
        return next(null, event);
    }

    @Override
    public byte[] closing(ClosingReason reason, long retryMillis) {
        var event = event("CLOSING", null);
        event.put("reason", reason.toString());
        var notice = next(null, event);
        var retry = utf8("retry:" + retryMillis + "\n");
        var all = new byte[retry.length + notice.length];
        System.arraycopy(retry, 0, all, 0, retry.length);
        System.arraycopy(notice, 0, all, retry.length, notice.length);
        return all;
    }

    private static Map<String, @Nullable Object> event(String type, @Nullable Cursor cursor) {
        var event = new HashMap<String, @Nullable Object>();
        event.put("type", type);
        event.put("cursor", cursor == null ? null : cursor.toString());
        return event;
    }

    private byte[] next(@Nullable Cursor cursor, Map<String, @Nullable Object> event) {
        var result = engine.select(Call.of(document, event), request);
        return utf8((cursor == null ? "" : "id:" + cursor + "\n")
                + next(json.writeValueAsString(result.toSpecification())));
    }

    /** Returns the event of a result. */
    static String next(String result) {
        return "event:next\ndata:" + StreamFormat.singleLine(result) + "\n\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventSelection selection && identity.equals(selection.identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    @Override
    public String toString() {
        return "graphql";
    }
}
