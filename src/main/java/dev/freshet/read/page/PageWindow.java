package dev.freshet.read.page;

import dev.freshet.platform.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The part of a feed that a page has: articles between two keys, counted from the start or from the end of that part. Pages
 * have their articles in the order of the feed in both cases.
 *
 * @param after the key after which the part begins; null for the start of the feed
 * @param before the key before which the part ends; null for the end of the feed
 * @param limit the maximum number of articles, from 1
 * @param fromEnd whether the page has the last articles of the part instead of the first
 */
public record PageWindow(@Nullable PageKey after, @Nullable PageKey before, int limit, boolean fromEnd) {

    /**
     * Parses the keys of a window.
     *
     * @throws RuntimeException the problem to report if a key or the limit is invalid
     */
    public static PageWindow of(@Nullable String after, @Nullable String before, int limit, boolean fromEnd) {
        if (limit < 1 || limit > PageQuery.MAX_LIMIT) {
            throw PageObjects.invalidSize(PageQuery.MAX_LIMIT);
        }
        return new PageWindow(parse(after), parse(before), limit, fromEnd);
    }

    /** Returns the window of a page that begins after a key. */
    static PageWindow after(@Nullable PageKey after, int limit) {
        return new PageWindow(after, null, limit, false);
    }

    /** Returns the direction in which the articles are read, from the edge of the part. */
    ReadOrder order() {
        return fromEnd ? ReadOrder.OLDEST_FIRST : ReadOrder.NEWEST_FIRST;
    }

    private static @Nullable PageKey parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var key = PageKey.parse(text);
        if (key == null) {
            throw Problem.INVALID_PAGE_KEY.because(
                    "The page key is invalid. Use the cursor of an edge, or the start or the end of a page.");
        }
        return key;
    }
}
