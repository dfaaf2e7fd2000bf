package dev.freshet.feed;

import dev.freshet.article.Article;
import dev.freshet.feedlog.Cursor;
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

    public FeedPage {
        items = List.copyOf(items);
    }
}
