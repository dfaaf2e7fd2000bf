package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.stream.ResetReason;
import dev.freshet.stream.StreamFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The format of a subscription. Selections of the same document and variables are equal, so subscribers share the encoded
 * events of a transport, and the results on all.
 *
 * <p>The protocols know the events {@code next} and {@code complete} only, so notices are selections too. After {@code
 * complete} clients do not reconnect, so a stream that the server closes ends without it.
 */
final class EventSelection implements StreamFormat {

    /** The document and everything that its result depends on except the event. */
    record Identity(String document, @Nullable String operation, Map<String, Object> variables) {}

    /**
     * The key of a result.
     *
     * @param article the JSON of the article, which changes when it is withdrawn later
     */
    record Key(Identity selection, Cursor cursor, String article, boolean leaves) {}

    private final Operations.Prepared prepared;
    private final Wire wire;
    private final boolean content;
    private final Cache<Key, byte[]> results;
    private final ResultEncoder encoder;
    private final JsonMapper json;
    private final Identity identity;

    EventSelection(
            Operations.Prepared prepared,
            Wire wire,
            boolean content,
            Cache<Key, byte[]> results,
            ResultEncoder encoder,
            JsonMapper json) {
        this.prepared = prepared;
        this.wire = wire;
        this.content = content;
        this.results = results;
        this.encoder = encoder;
        this.json = json;
        this.identity = new Identity(
                prepared.document().text(),
                prepared.request().operationName(),
                prepared.request().variables());
    }

    @Override
    public boolean isSse() {
        return wire == Wire.SSE;
    }

    @Override
    public boolean content() {
        return content;
    }

    // The first event loop that needs the result executes the document; the others wait for it.
    @Override
    public byte[] event(Cursor cursor, LogEntry entry, boolean leaves) {
        var result = results.get(
                new Key(identity, cursor, entry.article(), leaves), absent -> select(cursor, entry, leaves));
        return wire.next(cursor, result);
    }

    private byte[] select(Cursor cursor, LogEntry entry, boolean leaves) {
        var type = leaves ? EventType.WITHDRAWN : entry.type();
        var event = event(type.name(), cursor);
        event.put("id", entry.articleId());
        if (type != EventType.WITHDRAWN) {
            event.put("article", article(entry));
        }
        return select(event);
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
        return Wire.join(wire.retry(retryMillis), wire.comment("welcome"));
    }

    @Override
    public byte[] heartbeat() {
        return wire.comment("");
    }

    @Override
    public byte[] reset(Cursor cursor, ResetReason reason) {
        var event = event("RESET", cursor);
        event.put("reason", reason.toString());
        return wire.next(cursor, select(event));
    }

    @Override
    public byte[] live(Cursor cursor) {
        return wire.next(cursor, select(event("LIVE", cursor)));
    }

    @Override
    public byte[] end(Cursor cursor) {
        return wire.complete(cursor);
    }

    @Override
    public byte[] expiring(Instant at) {
        var event = event("EXPIRING", null);
        event.put("at", at);
        return wire.next(null, select(event));
    }

    @Override
    public byte[] closing(ClosingReason reason, long retryMillis) {
        var event = event("CLOSING", null);
        event.put("reason", reason.toString());
        return Wire.join(wire.retry(retryMillis), wire.next(null, select(event)));
    }

    private static Map<String, @Nullable Object> event(String type, @Nullable Cursor cursor) {
        var event = new HashMap<String, @Nullable Object>();
        event.put("type", type);
        event.put("cursor", cursor == null ? null : cursor.toString());
        return event;
    }

    private byte[] select(Map<String, @Nullable Object> event) {
        var result = prepared.engine().select(Call.of(prepared.document(), event), prepared.request());
        var encoded = encode(result.toSpecification());
        return Wire.utf8(StreamFormat.singleLine(new String(encoded, StandardCharsets.UTF_8)));
    }

    /** An event whose result is too large arrives as an error, so that it isn't lost silently. */
    private byte[] encode(Map<String, Object> result) {
        try {
            return encoder.encode(result);
        } catch (ProblemException tooLarge) {
            return encoder.encode(ProblemErrors.response(tooLarge));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventSelection selection
                && wire == selection.wire
                && identity.equals(selection.identity);
    }

    @Override
    public int hashCode() {
        return 31 * identity.hashCode() + wire.hashCode();
    }

    @Override
    public String toString() {
        return "graphql";
    }
}
