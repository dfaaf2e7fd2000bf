package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides whether cached pages are valid. */
final class PageValidity {

    /** After this time without a check of the feed log, validity is unknown. */
    static final Duration MAX_SILENCE = Duration.ofSeconds(5);

    private final LastChanges changes;
    private final Supplier<Duration> silence;

    /** @param silence returns the time since this instance last checked the feed log */
    PageValidity(LastChanges changes, Supplier<Duration> silence) {
        this.changes = changes;
        this.silence = silence;
    }

    /**
     * Returns whether a page may be returned: no later event matches its feed, and this instance checked the feed log
     * recently.
     *
     * @param readAt the position at which the page was read
     * @param floor a position that the page must not precede; null for none
     */
    boolean isCurrent(Query query, Cursor readAt, @Nullable Cursor floor) {
        return changes.isCurrent(query.feed(), readAt, PublicationPeriod.ALL, floor) && !isUnknown();
    }

    /** Returns the same of a page of a feed that depends on the articles of a period. */
    boolean isCurrent(Feed feed, Cursor readAt, PublicationPeriod period) {
        return changes.isCurrent(feed, readAt, period, null) && !isUnknown();
    }

    /** Returns the same of a page that knows its position and period. */
    boolean isCurrent(Query query, RenderedPage page, @Nullable Cursor floor) {
        return isUnchanged(query, page, floor) && !isUnknown();
    }

    /** Returns the same without regard to the last check of the feed log. */
    boolean isUnchanged(Query query, RenderedPage page, @Nullable Cursor floor) {
        return changes.isCurrent(query.feed(), page.readAt(), page.period(), floor);
    }

    /** Returns whether a page that was read after its request arrived does not precede a floor. */
    boolean reachesFloor(Cursor readAt, @Nullable Cursor floor) {
        return changes.reachesFloor(readAt, floor);
    }

    /** Returns whether this instance has not checked the feed log for a while. */
    boolean isUnknown() {
        return silence().compareTo(MAX_SILENCE) >= 0;
    }

    /** Returns the time since this instance last checked the feed log. */
    Duration silence() {
        return silence.get();
    }
}
