package dev.freshet.log.feedlog;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event to append. The article must have been written earlier in the same transaction: the log copies its search
 * vectors.
 *
 * @param now the article's facets after the change
 * @param before its facets before the change, where readers knew the article
 * @param article the article as a JSON object without {@code body} and {@code html}
 * @param content {@code body} and {@code html} as a JSON object; null for a withdrawal
 */
public record NewEntry(
        EventType type,
        UUID articleId,
        Facets now,
        @Nullable Facets before,
        String article,
        @Nullable String content) {

    /** Creates the withdrawal of an article, with its id and without content. */
    public static NewEntry withdrawal(UUID articleId, Facets before) {
        return new NewEntry(EventType.WITHDRAWN, articleId, before, before, LogEntry.stub(articleId), null);
    }
}
