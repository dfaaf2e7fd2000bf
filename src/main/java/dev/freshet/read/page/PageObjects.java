package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Pages as objects, for responses that select from them. Each is read from the store. A caller
 * that caches a response made of them asks {@link #isCurrent} before it returns the response again. Reads fail with the problem to report to the client.
 */
@Component
public final class PageObjects {

    private final FeedPages pages;
    private final FeedDirectory directory;
    private final PageValidity validity;

    PageObjects(FeedPages pages, FeedDirectory directory, PageValidity validity) {
        this.pages = pages;
        this.directory = directory;
        this.validity = validity;
    }

    /**
     * Reads a page of a feed, which the caller must be allowed to read.
     *
     * @param content whether the articles have {@code body} and {@code html}
     * @param surroundings whether the result must tell if articles exist on the other sides of the window's keys
     */
    public Mono<PageSlice> page(Feed feed, PageWindow window, boolean content, boolean surroundings) {
        return PageLoader.limited(pages.read(feed, window, content, surroundings));
    }

    /**
     * Reads a part of the directory of feeds.
     *
     * @param kind null for all kinds
     * @param after the key of the part; null for the first
     * @param limit the maximum number of feeds
     */
    public Mono<DirectoryPart> directory(@Nullable FeedKind kind, @Nullable String after, int limit) {
        return Mono.defer(() -> {
            if (limit < 1 || limit > DirectoryQuery.MAX_LIMIT) {
                throw invalidSize(DirectoryQuery.MAX_LIMIT);
            }
            var key = after == null ? null : DirectoryKey.parse(after);
            if (key == null && after != null) {
                throw Problem.INVALID_PAGE_KEY.because(
                        "The page key is invalid. Use the cursor of an edge or the end of a page.");
            }
            return PageLoader.limited(directory.read(new DirectoryQuery(Representation.JSON, kind, key, limit, "")));
        });
    }

    /**
     * Returns whether no event after a position changed a page of a feed, as far as this instance knows, and it checked the
     * feed log recently.
     *
     * @param period the publication times of articles that the page depends on
     */
    public boolean isCurrent(Feed feed, Cursor readAt, PublicationPeriod period) {
        return validity.isCurrent(feed, readAt, period);
    }

    static RuntimeException invalidSize(int max) {
        return Problem.INVALID_REQUEST.because("A page has 1 to " + max + " elements. Correct its size.");
    }
}
