package dev.freshet.log.feedlog;

import dev.freshet.search.SearchDocument;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event to append with the write of its article. A write has one event per article at most.
 *
 * @param now the article's facets after the change
 * @param before its facets before the change, where readers knew the article
 * @param article the article as a JSON object without {@code body} and {@code html}
 * @param content {@code body} and {@code html} as a JSON object; null for a withdrawal
 * @param traceparent the span that caused the event, as in the W3C header; null if it is not traced
 * @param words builds the words of a new article; else null
 */
public record NewEntry(
        EventType type,
        UUID articleId,
        Facets now,
        @Nullable Facets before,
        String article,
        @Nullable String content,
        @Nullable String traceparent,
        @Nullable Supplier<SearchDocument> words) {

    /** Creates an entry that is not traced, and whose words are not known. */
    public NewEntry(
            EventType type,
            UUID articleId,
            Facets now,
            @Nullable Facets before,
            String article,
            @Nullable String content) {
        this(type, articleId, now, before, article, content, null, null);
    }

    /** Creates the withdrawal of an article, with its id and without content. */
    public static NewEntry withdrawal(UUID articleId, Facets before) {
        return new NewEntry(EventType.WITHDRAWN, articleId, before, before, LogEntry.stub(articleId), null);
    }

    /** Returns this entry with the span that caused it; null for none. */
    public NewEntry tracedBy(@Nullable String span) {
        return span == null ? this : new NewEntry(type, articleId, now, before, article, content, span, words);
    }

    /** Returns this entry at its position in the log. */
    LogEntry at(long seq, long millis) {
        return new LogEntry(seq, millis, type, articleId, now, before, article, content, traceparent, words);
    }
}
