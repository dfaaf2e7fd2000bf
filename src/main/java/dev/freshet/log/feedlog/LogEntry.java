package dev.freshet.log.feedlog;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event of the feed log.
 *
 * @param seq its place: the entry before it has {@code seq - 1}, and was committed before it
 * @param atMillis when it was appended, in milliseconds since 1970; never less than that of the entry before
 * @param now the article's facets after the change
 * @param before its facets before the change, where readers knew the article
 * @param article the article as a JSON object without its content, or with {@code id} and {@code status} alone once it
 *     was withdrawn
 * @param content {@code body} and {@code html} as a JSON object; null for a withdrawal and for what was withdrawn later
 */
public record LogEntry(
        long seq,
        long atMillis,
        EventType type,
        UUID articleId,
        Facets now,
        @Nullable Facets before,
        String article,
        @Nullable String content) {

    /** This entry as replay shows it once its article was withdrawn: the same place, no content. */
    public LogEntry withoutContent() {
        return new LogEntry(seq, atMillis, type, articleId, now, before, stub(articleId), null);
    }

    static String stub(UUID articleId) {
        return "{\"id\":\"" + articleId + "\",\"status\":\"withdrawn\"}";
    }
}
