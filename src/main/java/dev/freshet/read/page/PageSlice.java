package dev.freshet.read.page;

/**
 * A page with its surroundings.
 *
 * @param hasPrevious whether the feed has articles before those of the page
 * @param hasNext whether the feed has articles after those of the page
 */
public record PageSlice(FeedPage page, boolean hasPrevious, boolean hasNext) {}
