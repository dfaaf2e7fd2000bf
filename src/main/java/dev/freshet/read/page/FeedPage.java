package dev.freshet.read.page;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleContent;
import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.feed.FeedTitle;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.NameKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page of a feed.
 *
 * @param items newest first, or best match first in a search
 * @param changedAt time of the feed log's last event before the read, of any feed
 * @param cursor the position in the feed log at which the page was read: page and stream from here are complete
 * @param keys the page key after each item, in the same order
 * @param next the key of the next older page; null on the last page
 * @param period the publication times of articles that the page depends on
 * @param bodies the beginning of each item's HTML body in the page of a search; otherwise empty
 */
public record FeedPage(
        List<Article> items,
        Cursor cursor,
        Instant changedAt,
        List<PageKey> keys,
        @Nullable PageKey next,
        PublicationPeriod period,
        List<String> bodies) {

    /** One article in this number is a boundary. */
    private static final int ARCHIVE_BOUNDARY = 8;

    public FeedPage {
        items = List.copyOf(items);
        keys = List.copyOf(keys);
        bodies = List.copyOf(bodies);
    }

    /** Creates a page of a feed without a search, which depends on all articles. */
    public FeedPage(List<Article> items, Cursor cursor, Instant changedAt, List<PageKey> keys, @Nullable PageKey next) {
        this(items, cursor, changedAt, keys, next, PublicationPeriod.ALL, List.of());
    }

    /** Returns this page with those of its articles alone that have these ids. */
    FeedPage only(Set<UUID> ids) {
        var kept = IntStream.range(0, items.size())
                .filter(i -> ids.contains(items.get(i).id()))
                .boxed()
                .toList();
        return new FeedPage(
                kept.stream().map(items::get).toList(),
                cursor,
                changedAt,
                kept.stream().map(keys::get).toList(),
                next,
                period,
                bodies.isEmpty() ? bodies : kept.stream().map(bodies::get).toList());
    }

    /** Describes the feed of this page for readers. Names are as the articles of the page show them, otherwise keys. */
    public String title(Feed feed) {
        return FeedTitle.of(
                feed,
                (kind, key) -> items.stream()
                        .flatMap(article -> names(kind, article.content()))
                        .filter(name -> NameKey.of(name).equals(key))
                        .findFirst()
                        .orElse(key));
    }

    private static Stream<String> names(FeedKind kind, ArticleContent content) {
        return switch (kind) {
            case TAG -> content.tags().stream();
            case AUTHOR -> Stream.of(content.author());
            case SOURCE -> Stream.of(content.source());
        };
    }

    /**
     * Returns the key of the next older archive document (RFC 5005); null on the last page. The articles' ids determine
     * the boundaries, regardless of where pages begin, so that the archives of two readers soon coincide. Archives may
     * overlap but leave no gap.
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
