package dev.freshet.read.page;

import dev.freshet.content.article.Article;
import dev.freshet.log.feedlog.Cursor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a feed.
 *
 * @param items newest first, or best match first in a search
 * @param changedAt when the feed log had its last event before the page was read, of whatever feed
 * @param cursor the position in the feed log that the page was read at: page and stream from here are complete
 * @param next where the next older page begins; null on the last page
 */
public record FeedPage(
        List<Article> items,
        Cursor cursor,
        Instant changedAt,
        @Nullable PageKey next) {

    /** One article in this number is a boundary. */
    private static final int ARCHIVE_BOUNDARY = 8;

    public FeedPage {
        items = List.copyOf(items);
    }

    /**
     * Where the next older archive document begins (RFC 5005); null on the last page. Boundaries are chosen by what the
     * articles are, not where pages happen to begin, so that the archives of two readers are soon the same documents. They
     * may overlap and leave no gap.
     */
    public @Nullable PageKey archive() {
        if (next == null) {
            return null;
        }
        return items.reversed().stream()
                .filter(article -> article.id().getLeastSignificantBits() % ARCHIVE_BOUNDARY == 0)
                .findFirst()
                .map(article -> PageKey.after(article, 0))
                .orElse(next);
    }
}
