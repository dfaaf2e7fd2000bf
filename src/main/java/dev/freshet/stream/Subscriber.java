package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.stream.SubscriberState.Ended;
import dev.freshet.stream.SubscriberState.Live;
import dev.freshet.stream.SubscriberState.Paging;
import dev.freshet.stream.SubscriberState.Pulling;
import dev.freshet.stream.SubscriberState.Reading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: a feed, a cursor and a connection. It has no queue: events wait in the ring or in the log until the
 * connection is writable. {@link SubscriberState} lists its states and transitions.
 *
 * <p>All methods are called on the connection's event loop. The figures for operators ({@link #cursor}, {@link #lag},
 * {@link #isLive}, {@link #bytes}, {@link #pendingBytes}) may be read by any thread, and may then be out of date.
 */
final class Subscriber implements StreamConnection.Listener, Group.Member {

    /** Maintains the list of subscribers; called on the event loop. */
    interface Registry {

        /** Its response has begun. */
        void opened(Subscriber subscriber);

        /** It has ended, even if it was never opened; called once. */
        void ended(Subscriber subscriber, ClosingReason reason);
    }

    // Events of the ring to check in one turn, before other subscribers have theirs.
    private static final int MAX_EVENTS_PER_PULL = 4096;

    private final long id;
    private final StreamRequest request;
    private final StreamConnection connection;
    private final Group group;
    private final StreamResources resources;
    private final Registry registry;
    private final Deadlines deadlines;
    private final long openedAtMillis = System.currentTimeMillis();
    private final long maxLag;
    private SubscriberState state;
    private boolean announcesLive;
    private long bytes;

    Subscriber(
            long id,
            StreamRequest request,
            StreamConnection connection,
            Group group,
            StreamResources resources,
            Registry registry) {
        this.id = id;
        this.request = request;
        this.connection = connection;
        this.group = group;
        this.resources = resources;
        this.registry = registry;
        var credential = request.client().credential();
        this.deadlines =
                new Deadlines(resources.settings(), credential == null ? null : credential.expiresAt(), group.now());
        this.maxLag =
                Math.max(0, resources.ring().bounds().last() - request.start().seq())
                        + resources.settings().lagLimit();
        this.state = new Pulling(request.start());
        this.announcesLive = request.announce();
    }

    long id() {
        return id;
    }

    StreamClient client() {
        return request.client();
    }

    Feed feed() {
        return request.feed();
    }

    Format format() {
        return request.format();
    }

    long openedAtMillis() {
        return openedAtMillis;
    }

    /** Returns the count of bytes sent, without the response's headers. */
    long bytes() {
        return bytes;
    }

    /** Returns the count of bytes in the connection's write buffer. */
    long pendingBytes() {
        return connection.pendingBytes();
    }

    /** Returns the position up to which it has received everything. */
    Cursor cursor() {
        return switch (state) {
            case Live live -> group.cursor();
            case Pulling pulling -> pulling.at();
            case Reading reading -> reading.at();
            case Paging paging -> paging.at();
            case Ended ended -> ended.at();
        };
    }

    /** Returns the count of events in the log after its cursor, whether its feed contains them or not. */
    long lag() {
        return Math.max(0, resources.ring().bounds().last() - cursor().seq());
    }

    /** Returns whether it is at the tail, and not in catch-up. */
    boolean isLive() {
        return state instanceof Live || (needsOwnPulls() && cursor().seq() >= group.position());
    }

    /** Returns whether no topic can serve it: only the database can evaluate its feed, or it ends at a position. */
    private boolean needsOwnPulls() {
        return feed().isInStore() || request.end() != Long.MAX_VALUE;
    }

    @Override
    public void opened() {
        send(format().greeting(resources.settings().retryMillis()));
        var reset = request.reset();
        if (reset != null) {
            send(format().reset(cursor(), reset));
            resources.meters().reset(reset);
        }
        group.add(this);
        registry.opened(this);
    }

    @Override
    public void writable() {
        if (state instanceof Pulling || state instanceof Paging) {
            group.enqueue(this);
        }
    }

    @Override
    public void closed() {
        end(ClosingReason.DISCONNECTED);
    }

    @Override
    public boolean deliver(ByteBuf shared, long before) {
        if (connection.isWritable()) {
            send(shared.retainedDuplicate());
            return true;
        }
        state = new Pulling(new Cursor(group.epoch(), before));
        return false;
    }

    @Override
    public void moved(int index) {
        if (state instanceof Live live) {
            live.moveTo(index);
        }
    }

    @Override
    public void dissolved(Cursor at) {
        state = new Pulling(at);
        group.enqueue(this);
    }

    @Override
    public void pull() {
        if (connection.isWritable()) {
            switch (state) {
                case Pulling pulling -> pull(pulling.at());
                case Paging paging -> pull(paging);
                case Live live -> {}
                case Reading reading -> {}
                case Ended ended -> {}
            }
        }
    }

    private void pull(Cursor at) {
        var bounds = resources.ring().bounds();
        if (at.epoch() != bounds.epoch()) {
            reset(bounds.end(), ResetReason.UNKNOWN_HISTORY);
        } else if (at.seq() >= request.end()) {
            end(ClosingReason.COMPLETE);
            connection.end();
        } else if (at.epoch() != group.epoch() || at.seq() > group.position()) {
            // It began at a position that its group has not reached yet.
            group.await(this);
        } else if (at.seq() == group.position()) {
            arrive(at);
        } else if (feed().isInStore() || at.seq() + 1 < bounds.first()) {
            read(at);
        } else {
            pullFromRing(at);
        }
    }

    /** It has received everything that its group has. */
    private void arrive(Cursor at) {
        if (announcesLive) {
            announcesLive = false;
            send(format().live(at));
        }
        if (needsOwnPulls()) {
            group.await(this);
        } else {
            var topic = group.topic(new Topic.Key(feed(), format(), connection.framing()));
            state = new Live(topic, topic.join(this));
        }
    }

    private void pullFromRing(Cursor at) {
        var batch = new Batch();
        var to = Math.min(Math.min(group.position(), request.end()), at.seq() + MAX_EVENTS_PER_PULL);
        var reached = resources.ring().take(feed(), format(), at.seq(), to, batch);
        continueAt(new Pulling(new Cursor(at.epoch(), reached)), batch);
    }

    private void pull(Paging paging) {
        var bounds = resources.ring().bounds();
        if (paging.at().epoch() != bounds.epoch()) {
            reset(bounds.end(), ResetReason.UNKNOWN_HISTORY);
            return;
        }
        var batch = new Batch();
        var next =
                resources.catchUp().isCurrent(paging.page()) ? paging.take(batch, format()) : new Pulling(paging.at());
        continueAt(next, batch);
    }

    private void continueAt(SubscriberState next, Batch batch) {
        state = next;
        if (!batch.isEmpty()) {
            send(batch.take(connection.framing(), ByteBufAllocator.DEFAULT));
        }
        group.enqueue(this);
    }

    private void read(Cursor at) {
        var read = resources
                .catchUp()
                .read(feed(), format(), at, Math.min(group.position(), request.end()))
                .subscribe(page -> group.execute(() -> arrived(at, page)));
        state = new Reading(at, read);
    }

    private void arrived(Cursor at, CatchUp.Page page) {
        if (state instanceof Reading reading && reading.at().equals(at)) {
            switch (page) {
                case CatchUp.Page.Events events -> continueAt(new Paging(at, events, 0), new Batch());
                case CatchUp.Page.Lost lost -> reset(lost.end(), lost.reason());
            }
        }
    }

    private void reset(Cursor to, ResetReason reason) {
        state = new Pulling(to);
        send(format().reset(to, reason));
        resources.meters().reset(reason);
        group.enqueue(this);
    }

    private void send(byte[] notice) {
        if (notice.length > 0) {
            send(connection.framing().frame(ByteBufAllocator.DEFAULT, List.of(notice)));
        }
    }

    private void send(ByteBuf framed) {
        bytes += framed.readableBytes();
        connection.send(framed);
    }

    @Override
    public void tick(long now) {
        var expiry = deadlines.expiryToAnnounce(now);
        if (expiry != null) {
            send(format().expiring(expiry));
        }
        var reason = closingReason(now);
        if (reason != null) {
            close(reason);
        } else if (deadlines.isHeartbeatDue(now, bytes) && connection.isWritable()) {
            send(format().heartbeat());
        }
    }

    private @Nullable ClosingReason closingReason(long now) {
        var credential = request.client().credential();
        if (credential != null && credential.revoked().getAsBoolean()) {
            return ClosingReason.REVOKED;
        }
        var due = deadlines.closingReason(now);
        if (due != null) {
            return due;
        }
        return !(state instanceof Live) && lag() > maxLag ? ClosingReason.LAGGING : null;
    }

    @Override
    public void close(ClosingReason reason) {
        if (!(state instanceof Ended)) {
            send(format().closing(reason, resources.settings().retryMillis()));
            end(reason);
            connection.end();
        }
    }

    /** Closes it from another thread, soon. */
    void closeLater(ClosingReason reason) {
        group.execute(() -> close(reason));
    }

    /** The only way to end: releases everything that the state holds. */
    private void end(ClosingReason reason) {
        var at = cursor();
        switch (state) {
            case Live live -> group.leave(live.topic(), live.index());
            case Reading reading -> reading.read().dispose();
            case Pulling pulling -> {}
            case Paging paging -> {}
            case Ended ended -> {
                return;
            }
        }
        state = new Ended(at);
        group.remove(this);
        registry.ended(this, reason);
    }
}
