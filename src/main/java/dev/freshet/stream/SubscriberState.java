package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import java.util.Map;
import java.util.Set;
import reactor.core.Disposable;

/**
 * The state of a subscriber, with a type per state and these transitions:
 *
 * <pre>
 * Pulling → Live      it has everything that its group has, and a topic can serve it
 * Pulling → Reading   the frames in memory no longer reach back to its cursor
 * Pulling → Pulling   it took events from the ring, or was reset to another epoch
 * Reading → Paging    a page of the log arrived
 * Reading → Pulling   the log no longer continues its cursor: reset
 * Paging  → Paging    it sent a part of the page
 * Paging  → Pulling   the page is used up, an article was withdrawn since, or another epoch began: reset
 * Live    → Pulling   its connection was not writable, the ring left its group behind, or the words of events became
 *                     necessary or needless for its feed
 * any     → Ended     closed by the client, a limit, the clock, a drain or an operator
 * </pre>
 *
 * <p>{@link #to} refuses all others. A subscriber starts in Pulling. All states but Live are immutable, so other threads
 * may read a cursor from them.
 */
sealed interface SubscriberState {

    /** The states that may follow each state. */
    Map<Class<? extends SubscriberState>, Set<Class<? extends SubscriberState>>> TRANSITIONS = Map.of(
            Pulling.class, Set.of(Live.class, Reading.class, Pulling.class, Ended.class),
            Reading.class, Set.of(Paging.class, Pulling.class, Ended.class),
            Paging.class, Set.of(Paging.class, Pulling.class, Ended.class),
            Live.class, Set.of(Pulling.class, Ended.class),
            Ended.class, Set.of());

    /**
     * Returns the next state.
     *
     * @throws IllegalStateException if it may not follow this state
     */
    default SubscriberState to(SubscriberState next) {
        if (!TRANSITIONS.getOrDefault(getClass(), Set.of()).contains(next.getClass())) {
            throw new IllegalStateException("A subscriber cannot change from "
                    + getClass().getSimpleName() + " to " + next.getClass().getSimpleName());
        }
        return next;
    }

    /** Receives what its topic delivers. Its cursor is that of its group. */
    final class Live implements SubscriberState {

        private final Topic topic;
        // Maintained by the topic, through Topic.Member.moved.
        private int index;

        Live(Topic topic, int index) {
            this.topic = topic;
            this.index = index;
        }

        Topic topic() {
            return topic;
        }

        int index() {
            return index;
        }

        void moveTo(int newIndex) {
            index = newIndex;
        }
    }

    /** Takes events from the ring at its turns, until it has everything that its group has. */
    record Pulling(Cursor at) implements SubscriberState {}

    /** Waits for a page of the log. */
    record Reading(Cursor at, Disposable read) implements SubscriberState {}

    /**
     * Sends a page of the log.
     *
     * @param index the index of the page's next event
     */
    record Paging(Cursor at, CatchUp.Page.Events page, int index) implements SubscriberState {

        /** Adds the next events to a batch until it is full, and returns the next state. */
        SubscriberState take(Batch batch, StreamFormat format) {
            var events = page.events();
            var next = index;
            var seq = at.seq();
            while (next < events.size() && !batch.isFull()) {
                var event = events.get(next++);
                var found = event.frame().entry().seq();
                // A shared page may begin before the cursor.
                if (found > seq) {
                    seq = found;
                    batch.add(event.frame().encoded(format, event.leaves()));
                }
            }
            return next == events.size()
                    ? new Pulling(new Cursor(at.epoch(), page.reached()))
                    : new Paging(new Cursor(at.epoch(), seq), page, next);
        }
    }

    /** Released everything; keeps its last cursor for operators. */
    record Ended(Cursor at) implements SubscriberState {}
}
