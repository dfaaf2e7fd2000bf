package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.ClosingReason;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: a feed, a cursor and a connection. It has no queue: events wait in the ring or in the log until the
 * connection is writable. Its {@link Progress} owns the state. This class connects it with the connection, the group and
 * the clock.
 *
 * <p>All methods are called on the connection's event loop. The figures for operators ({@link #cursor}, {@link #lag},
 * {@link #isLive}, {@link #bytes}, {@link #pendingBytes}) may be read by any thread, and may then be out of date.
 */
final class Subscriber implements StreamChannel.Listener, Group.Member {

    /** Maintains the list of subscribers; called on the event loop. */
    interface Registry {

        /** Its response has begun. */
        void opened(Subscriber subscriber);

        /** It has ended, even if it was never opened; called once. */
        void ended(Subscriber subscriber, ClosingReason reason);
    }

    private final long id;
    private final StreamChannel connection;
    private final Group group;
    private final Registry registry;
    private final Progress progress;
    private final Deadlines deadlines;
    private final long openedAtMillis = System.currentTimeMillis();
    private int indexInGroup;

    Subscriber(
            long id,
            StreamRequest request,
            StreamChannel connection,
            Group group,
            StreamResources resources,
            Registry registry) {
        this.id = id;
        this.connection = connection;
        this.group = group;
        this.registry = registry;
        this.progress = new Progress(request, connection, group, resources, this);
        this.deadlines = new Deadlines(group.settings(), request.client().credential(), group.now());
    }

    long id() {
        return id;
    }

    /** Returns the client, the feed and the format. */
    StreamTerms terms() {
        return progress.terms();
    }

    long openedAtMillis() {
        return openedAtMillis;
    }

    /** Returns the count of bytes sent, without the response's headers. */
    long bytes() {
        return connection.bytes();
    }

    /** Returns the count of bytes in the connection's write buffer. */
    long pendingBytes() {
        return connection.pendingBytes();
    }

    /** Returns the position up to which it has received everything. */
    Cursor cursor() {
        return progress.cursor();
    }

    /** Returns the count of events in the log after its cursor, whether its feed contains them or not. */
    long lag() {
        return progress.lag();
    }

    /** Returns whether it is at the tail, and not in catch-up. */
    boolean isLive() {
        return progress.isLive();
    }

    @Override
    public void opened() {
        connection.send(format().greeting(group.settings().retryMillis()));
        progress.begin();
        group.add(this);
        registry.opened(this);
    }

    @Override
    public void writable() {
        if (progress.isSending()) {
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
            connection.send(shared.retainedDuplicate());
            return true;
        }
        progress.leftTopic(before);
        return false;
    }

    @Override
    public void moved(int index) {
        progress.moved(index);
    }

    @Override
    public void dissolved(Cursor at) {
        progress.leftTopic(at);
    }

    @Override
    public int indexInGroup() {
        return indexInGroup;
    }

    @Override
    public void indexInGroup(int index) {
        indexInGroup = index;
    }

    @Override
    public Group.NextTurn pull() {
        if (!connection.isWritable()) {
            return Group.NextTurn.ON_REQUEST;
        }
        if (progress.isComplete()) {
            if (terms().announce()) {
                connection.send(format().live(cursor()));
            }
            connection.send(format().end(cursor()));
            end(ClosingReason.COMPLETE);
            connection.end(ClosingReason.COMPLETE);
            return Group.NextTurn.ON_REQUEST;
        }
        return progress.pull();
    }

    @Override
    public void tick(long now) {
        var expiry = deadlines.expiryToAnnounce(group.settings(), now);
        if (expiry != null) {
            connection.send(format().expiring(expiry));
        }
        var reason = closingReason(now);
        if (reason != null) {
            close(reason);
        } else if (deadlines.isHeartbeatDue(group.settings(), now, bytes()) && connection.isWritable()) {
            connection.send(format().heartbeat());
        }
    }

    private @Nullable ClosingReason closingReason(long now) {
        var due = deadlines.closingReason(now);
        return due == null && progress.isLagging() ? ClosingReason.LAGGING : due;
    }

    @Override
    public void close(ClosingReason reason) {
        if (!progress.isEnded()) {
            connection.send(format().closing(reason, group.settings().retryMillis()));
            end(reason);
            connection.end(reason);
        }
    }

    /** Closes it from another thread, soon. */
    void closeLater(ClosingReason reason) {
        group.execute(() -> close(reason));
    }

    private StreamFormat format() {
        return terms().format();
    }

    /** The only way to end: releases the state, the place in the group and the counts. */
    private void end(ClosingReason reason) {
        if (!progress.isEnded()) {
            progress.end();
            group.remove(this);
            registry.ended(this, reason);
        }
    }
}
