package dev.freshet.log.feedlog;

import dev.freshet.search.SearchDocument;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event of the feed log.
 *
 * @param seq its position: the entry before it has {@code seq - 1}, and was committed before it
 * @param atMillis time of the append in milliseconds since 1970; never less than that of the entry before
 * @param now the article's facets after the change
 * @param before its facets before the change, where readers knew the article
 * @param article the article as a JSON object without its content; only {@code id} and {@code status} once it is
 *      withdrawn
 * @param content {@code body} and {@code html} as a JSON object; null for a withdrawal and for an article that was
 *      withdrawn later
 * @param traceparent the span that caused the event, as in the W3C header; null if it is not traced
 * @param words builds the words of a new article; known to the instance that committed it, else null
 */
public record LogEntry(
        long seq,
        long atMillis,
        EventType type,
        UUID articleId,
        Facets now,
        @Nullable Facets before,
        String article,
        @Nullable String content,
        @Nullable String traceparent,
        @Nullable Supplier<SearchDocument> words) {

    /** Creates an entry whose words are not known. */
    public LogEntry(
            long seq,
            long atMillis,
            EventType type,
            UUID articleId,
            Facets now,
            @Nullable Facets before,
            String article,
            @Nullable String content,
            @Nullable String traceparent) {
        this(seq, atMillis, type, articleId, now, before, article, content, traceparent, null);
    }

    /** Creates an entry that is not traced. */
    public LogEntry(
            long seq,
            long atMillis,
            EventType type,
            UUID articleId,
            Facets now,
            @Nullable Facets before,
            String article,
            @Nullable String content) {
        this(seq, atMillis, type, articleId, now, before, article, content, null);
    }

    /** The article of an entry without content, as a format of Java and of PostgreSQL for the article's id. */
    static final String STUB = "{\"id\":\"%s\",\"status\":\"withdrawn\"}";

    /** Returns this entry as replay shows it after its article was withdrawn: the same position, no content. */
    public LogEntry withoutContent() {
        return new LogEntry(seq, atMillis, type, articleId, now, before, stub(articleId), null, traceparent);
    }

    /** Returns this entry without its words, which take as much memory as the content. */
    public LogEntry withoutWords() {
        return words == null
                ? this
                : new LogEntry(seq, atMillis, type, articleId, now, before, article, content, traceparent);
    }

    /** Returns the article with its content as a JSON object; without it where the entry has none. */
    public String wholeArticle() {
        // Both are JSON objects with fields: one is written into the other without parsing them.
        return content == null ? article : article.substring(0, article.length() - 1) + "," + content.substring(1);
    }

    static String stub(UUID articleId) {
        return STUB.formatted(articleId);
    }
}
