package dev.freshet.log.tail;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The part of a copy that describes its article and content, as JSON. The statement that appends entries writes it too. */
record CopyMeta(
        long at,
        String type,
        UUID id,
        Facets now,
        @Nullable Facets before,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String trace) {

    static CopyMeta of(LogEntry entry) {
        return new CopyMeta(
                entry.atMillis(),
                entry.type().toString(),
                entry.articleId(),
                entry.now(),
                entry.before(),
                entry.traceparent());
    }

    /** @param content empty for none */
    LogEntry entry(long seq, String article, String content) {
        return new LogEntry(
                seq, at, EventType.parse(type), id, now, before, article, content.isEmpty() ? null : content, trace);
    }
}
