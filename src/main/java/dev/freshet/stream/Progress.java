package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feed.OpenFollows;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.stream.Group.NextTurn;
import dev.freshet.stream.SubscriberState.Ended;
import dev.freshet.stream.SubscriberState.Live;
import dev.freshet.stream.SubscriberState.Paging;
import dev.freshet.stream.SubscriberState.Pulling;
import dev.freshet.stream.SubscriberState.Reading;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The progress of one subscriber through the log: its state, and the events that it sends while it is not live. All
 * changes of state pass through one method, which refuses transitions that {@link SubscriberState} does not list.
 *
 * <p>A change of state precedes the bytes that it sends, since a connection may break while bytes are written to it.
 */
final class Progress {

    // Events of the ring to check in one turn, before other subscribers have theirs.
    private static final int MAX_EVENTS_PER_PULL = 4096;

    private final StreamTerms terms;
    private final StreamChannel connection;
    private final Group group;
    private final StreamResources resources;
    private final Group.Member member;
    private final long maxLag;
    // Why the start differs from the client's cursor.
    private final @Nullable ResetReason initialReset;
    private SubscriberState state;
    // The selection of the account of a personal feed; null before the stream has begun, and for other feeds.
    private OpenFollows.@Nullable Hold follows;
    // Whether the delivery for searches serves it. It changes only while it pulls.
    private boolean needsWords;
    // Whether the client still expects the notice that all missed events have been sent.
    private boolean announcementDue;

    /**
     * @param member the subscriber, which its group and its topic call
     */
    Progress(
            StreamRequest request,
            StreamChannel connection,
            Group group,
            StreamResources resources,
            Group.Member member) {
        this.terms = request.terms();
        this.connection = connection;
        this.group = group;
        this.resources = resources;
        this.member = member;
        this.maxLag =
                Math.max(0, resources.ring().bounds().last() - request.start().seq())
                        + resources.settings().lagLimit();
        this.initialReset = request.reset();
        this.state = new Pulling(request.start());
        // A stream that does not follow announces its end instead.
        this.announcementDue = request.announce() && request.end() == Long.MAX_VALUE;
    }

    StreamTerms terms() {
        return terms;
    }

    /** Returns the position up to which everything was sent. */
    Cursor cursor() {
        return switch (state) {
            case Live live -> delivery().cursor();
            case Pulling pulling -> pulling.at();
            case Reading reading -> reading.at();
            case Paging paging -> paging.at();
            case Ended ended -> ended.at();
        };
    }

    /** Returns the count of events in the log after the cursor, whether the feed contains them or not. */
    long lag() {
        return Math.max(0, resources.ring().bounds().last() - cursor().seq());
    }

    /** Returns whether it is behind the tail by more events than the settings permit. */
    boolean isLagging() {
        return !(state instanceof Live) && lag() > maxLag;
    }

    /** Returns whether it is at the tail, and not in catch-up. */
    boolean isLive() {
        return state instanceof Live
                || (needsOwnPulls() && cursor().seq() >= delivery().position());
    }

    /** Returns whether it has events to send as soon as the connection is writable. */
    boolean isSending() {
        return state instanceof Pulling || state instanceof Paging;
    }

    /** Returns whether it has sent everything up to the end that the client requested. */
    boolean isComplete() {
        return state instanceof Pulling pulling
                && pulling.at().seq() >= terms.end()
                && pulling.at().epoch() == resources.ring().bounds().epoch();
    }

    boolean isEnded() {
        return state instanceof Ended;
    }

    /** Reads what the rule of its feed needs, and sends the notice of a start that differs from the client's cursor. */
    void begin() {
        var reader = feed().followedBy();
        if (reader != null && !isEnded()) {
            follows = resources.follows().acquire(reader);
        }
        if (initialReset != null) {
            announceReset(cursor(), initialReset);
        }
    }

    /** Sends the next batch, or starts a read of it. */
    NextTurn pull() {
        var next = switch (state) {
            case Pulling pulling -> pull(pulling.at());
            case Paging paging -> pull(paging);
            case Live live -> NextTurn.ON_REQUEST;
            case Reading reading -> NextTurn.ON_REQUEST;
            case Ended ended -> NextTurn.ON_REQUEST;
        };
        return isEnded() ? NextTurn.ON_REQUEST : next;
    }

    private NextTurn pull(Cursor at) {
        if (follows != null && !follows.isRead()) {
            // It gets a turn when the selection has been read.
            return NextTurn.AFTER_NEWS;
        }
        needWords(feed().isSearch() || (follows != null && follows.needsWords()));
        var delivery = delivery();
        var bounds = resources.ring().bounds();
        if (at.epoch() != bounds.epoch()) {
            return reset(bounds.end(), ResetReason.UNKNOWN_HISTORY);
        }
        if (at.epoch() != delivery.epoch() || at.seq() > delivery.position()) {
            // It began at a position that its group has not reached yet.
            return NextTurn.AFTER_NEWS;
        }
        if (at.seq() == delivery.position()) {
            return arrive(at);
        }
        return at.seq() + 1 < delivery.source().bounds().first() ? read(at) : pullFromRing(at);
    }

    /** It has sent everything that its group has. */
    private NextTurn arrive(Cursor at) {
        var next = NextTurn.AFTER_NEWS;
        if (!needsOwnPulls()) {
            var topic = delivery().topic(new Topic.Key(feed(), terms.format(), connection.framing()));
            become(new Live(topic, topic.join(member)));
            next = NextTurn.ON_REQUEST;
        }
        if (announcementDue) {
            announcementDue = false;
            connection.send(terms.format().live(at));
        }
        return next;
    }

    private NextTurn pullFromRing(Cursor at) {
        var batch = new Batch();
        var to = Math.min(Math.min(delivery().position(), terms.end()), at.seq() + MAX_EVENTS_PER_PULL);
        var reached = delivery().source().take(resources.follows().rule(feed()), terms.format(), at.seq(), to, batch);
        var pulling = new Pulling(new Cursor(at.epoch(), reached));
        var next = continueAt(pulling, batch);
        // At once: after the turns of many others, the position would have moved on.
        return state.equals(pulling) && reached == delivery().position() && !needsOwnPulls()
                ? arrive(pulling.at())
                : next;
    }

    private NextTurn pull(Paging paging) {
        var bounds = resources.ring().bounds();
        if (paging.at().epoch() != bounds.epoch()) {
            return reset(bounds.end(), ResetReason.UNKNOWN_HISTORY);
        }
        var batch = new Batch();
        var next = resources.catchUp().isCurrent(paging.page())
                ? paging.take(batch, terms.format())
                : new Pulling(paging.at());
        return continueAt(next, batch);
    }

    private NextTurn continueAt(SubscriberState next, Batch batch) {
        become(next);
        if (!batch.isEmpty()) {
            connection.send(batch.take(connection.framing(), ByteBufAllocator.DEFAULT));
        }
        return NextTurn.SOON;
    }

    private NextTurn read(Cursor at) {
        var to = Math.min(delivery().position(), terms.end());
        var read = resources
                .catchUp()
                .read(feed(), terms.format(), at, to, follows == null ? 0 : follows.revision())
                .subscribe(page -> group.execute(() -> arrived(at, page)));
        become(new Reading(at, read));
        return NextTurn.ON_REQUEST;
    }

    private void arrived(Cursor at, CatchUp.Page page) {
        if (state instanceof Reading reading && reading.at().equals(at)) {
            switch (page) {
                case CatchUp.Page.Events events -> become(new Paging(at, events, 0));
                case CatchUp.Page.Lost lost -> reset(lost.end(), lost.reason());
            }
            group.enqueue(member);
        }
    }

    private NextTurn reset(Cursor to, ResetReason reason) {
        become(new Pulling(to));
        announceReset(to, reason);
        return NextTurn.SOON;
    }

    private void announceReset(Cursor to, ResetReason reason) {
        resources.meters().reset(reason);
        connection.send(terms.format().reset(to, reason));
    }

    /** It left its topic, and continues from this position on its own. */
    void leftTopic(long at) {
        become(new Pulling(new Cursor(delivery().epoch(), at)));
    }

    /** Its topic was dissolved, and it continues from this position on its own. */
    void leftTopic(Cursor at) {
        become(new Pulling(at));
    }

    /** It has another index in its topic. */
    void moved(int index) {
        if (state instanceof Live live) {
            live.moveTo(index);
        }
    }

    /** Releases everything that the state holds. Must be called once. */
    void end() {
        var at = cursor();
        switch (state) {
            case Live live -> delivery().leave(live.topic(), live.index());
            case Reading reading -> reading.read().dispose();
            case Pulling pulling -> {}
            case Paging paging -> {}
            case Ended ended -> {}
        }
        become(new Ended(at));
        needWords(false);
        if (follows != null) {
            follows.release();
        }
    }

    /** Counts it among the streams for which the words of events are read, or not. */
    private void needWords(boolean needed) {
        if (needed != needsWords) {
            needsWords = needed;
            if (needed) {
                resources.searched().acquire();
            } else {
                resources.searched().release();
            }
        }
    }

    private void become(SubscriberState next) {
        state = state.to(next);
    }

    /** Returns the delivery that serves it while it is live. */
    private LiveDelivery delivery() {
        return needsWords ? group.searchDelivery() : group.delivery();
    }

    /** Returns whether no topic can serve it, since it ends at a position. */
    private boolean needsOwnPulls() {
        return terms.end() != Long.MAX_VALUE;
    }

    private Feed feed() {
        return terms.feed();
    }
}
