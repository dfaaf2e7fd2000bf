package dev.freshet.read.web;

import dev.freshet.feed.Feed;
import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.Highlights;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The model of a feed's page.
 *
 * @param assets the address of the assets' folder
 * @param title the description of the feed
 * @param all whether it is the newest page of the feed of all articles
 * @param filtered whether the feed has a filter
 * @param atom the address of the feed as Atom; likewise for the next two
 * @param stream the address of the feed's stream, to which {@code since} is added
 * @param mode {@code newest} for the newest page, {@code older} for an older one, {@code search} for the best matches
 * @param older the address of the next older page; null on the last one
 */
record FeedView(
        String assets,
        String title,
        boolean all,
        boolean filtered,
        Feed feed,
        String atom,
        String rss,
        String jsonFeed,
        String stream,
        String cursor,
        String mode,
        List<Item> items,
        boolean empty,
        @Nullable String older) {

    static FeedView of(String assets, Feed feed, boolean newest, FeedPage page) {
        var filtered = !feed.equals(Feed.ALL);
        return new FeedView(
                assets,
                page.title(feed),
                newest && !filtered,
                filtered,
                feed,
                Links.alternate(feed, Representation.ATOM),
                Links.alternate(feed, Representation.RSS),
                Links.alternate(feed, Representation.JSON_FEED),
                Links.stream(feed),
                page.cursor().toString(),
                mode(feed, newest),
                items(feed, page),
                page.items().isEmpty(),
                page.next() == null ? null : Links.older(feed, page.next()));
    }

    private static List<Item> items(Feed feed, FeedPage page) {
        var highlights = Highlights.of(feed, page);
        return IntStream.range(0, page.items().size())
                .mapToObj(i -> Item.inList(page.items().get(i), highlights.isEmpty() ? null : highlights.get(i)))
                .toList();
    }

    private static String mode(Feed feed, boolean newest) {
        return !newest ? "older" : feed.isSearch() ? "search" : "newest";
    }
}
