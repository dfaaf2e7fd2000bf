package dev.freshet.feed;

/** The effect of an event on one feed. */
public enum FeedEffect {
    /** The article was not in the feed and is now. */
    ENTERS,
    /** The article was in the feed and still is. */
    STAYS,
    /** The article was in the feed and no longer is. */
    LEAVES,
    /** The event does not concern the feed. */
    NONE;

    /** Returns the effect on an article that was in the feed before, or is in it after. */
    static FeedEffect of(boolean before, boolean after) {
        if (after) {
            return before ? STAYS : ENTERS;
        }
        return before ? LEAVES : NONE;
    }
}
