package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.platform.http.ClosingReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * One open stream: a feed, a position and a connection. At the live end its topic serves it; behind, it pulls the next
 * events from the ring, or from a page of the log, whenever its connection is writable. All state belongs to the
 * connection's event loop; the figures for operators may be read from any thread and are then a moment old.
 */
final class Subscriber implements Outlet.Listener {

    /** Who keeps the list of subscribers; called on the event loop. */
    interface Registry {

        /** Its response has begun. */
        void opened(Subscriber subscriber);

        /** It has ended, though it may never have been opened; called once. */
        void ended(Subscriber subscriber, ClosingReason reason);
    }

    // How many events of the ring it looks at before others have their turn.
    // Longer than a program runs.
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private static final int SCAN = 4096;

    private final long id;
    private final Outlet outlet;
    private final Group group;
    private final Ring ring;
    private final CatchUp catchUp;
    private final StreamSettings settings;
    private final StreamMeters meters;
    private final Registry registry;

    private final Client client;
    private final Feed feed;
    private final Format format;
    private final long end;
    private final long openedAtMillis = System.currentTimeMillis();
    private @Nullable Reset begunWith;
    private boolean announce;

    private long epoch;
    // Meaningless while a topic serves it: then it is where its group is.
    private long position;
    private long allowedLag;
    private @Nullable Topic topic;
    // Its place among the topic's members.
    private int place;
    private CatchUp.Page.@Nullable Events page;
    private int pageIndex;
    private @Nullable Disposable reading;
    private boolean queued;
    // Whether nothing was sent since the last tick; then a heartbeat is due at a time.
    private boolean silent;
    private long beatAt;
    private long closeAt;
    // When the credential ends, and whether its client has been told that it will soon.
    private long expiresAt;
    private boolean warned;
    private long bytes;
    private boolean ended;

    Subscriber(
            long id,
            Outlet outlet,
            Group group,
            Ring ring,
            CatchUp catchUp,
            StreamSettings settings,
            StreamMeters meters,
            Opening opening,
            Registry registry) {
        this.id = id;
        this.outlet = outlet;
        this.group = group;
        this.ring = ring;
        this.catchUp = catchUp;
        this.settings = settings;
        this.meters = meters;
        this.registry = registry;
        this.client = opening.client();
        this.feed = opening.feed();
        this.format = opening.format();
        this.end = opening.end();
        this.begunWith = opening.reset();
        this.announce = opening.announce();
        this.epoch = opening.start().epoch();
        this.position = opening.start().seq();
    }

    long id() {
        return id;
    }

    Group group() {
        return group;
    }

    Client client() {
        return client;
    }

    Feed feed() {
        return feed;
    }

    Format format() {
        return format;
    }

    long openedAtMillis() {
        return openedAtMillis;
    }

    /** How many bytes were sent, the response's head aside. */
    long bytes() {
        return bytes;
    }

    /** How many bytes the connection has not taken yet. */
    long pendingBytes() {
        return outlet.pendingBytes();
    }

    /** Up to where it has got everything. */
    Cursor cursor() {
        return new Cursor(epoch, topic == null ? position : group.position());
    }

    /** How many events of the log it has not got, whether they are for it or not. */
    long lag() {
        return Math.max(0, ring.bounds().last() - cursor().seq());
    }

    /** Whether it is at the live end, and not in catch-up. */
    boolean isLive() {
        return topic != null || (isAlone() && position >= group.position());
    }

    /** Whether no topic can serve it: only the database knows what it gets, or it has an end. */
    boolean isAlone() {
        return feed.isInStore() || end != Long.MAX_VALUE;
    }

    @Override
    public void opened() {
        allowedLag = Math.max(0, ring.bounds().last() - position) + settings.lagLimit();
        closeAt = group.now() + settings.lifetimeNanos();
        expiresAt = group.now() + untilExpiry().toNanos();
        send(format.greeting(settings.retryMillis()));
        var reset = begunWith;
        if (reset != null) {
            send(format.reset(cursor(), reset));
            meters.reset(reset);
        }
        group.add(this);
        registry.opened(this);
    }

    private Duration untilExpiry() {
        var grant = client.grant();
        var left = grant == null || grant.expiresAt() == null
                ? FOR_EVER
                : Duration.between(Instant.now(), grant.expiresAt());
        return left.compareTo(FOR_EVER) < 0 ? left : FOR_EVER;
    }

    private boolean isRevoked() {
        var grant = client.grant();
        return grant != null && grant.revoked().getAsBoolean();
    }

    @Override
    public void writable() {
        if (topic == null) {
            group.enqueue(this);
        }
    }

    @Override
    public void closed() {
        end(ClosingReason.DISCONNECTED);
    }

    /** Notes that it waits for its turn to pull; false where it does so already. */
    boolean queue() {
        var added = !queued;
        queued = true;
        return added;
    }

    /** Notes its place in its topic. */
    void placed(int at) {
        place = at;
    }

    int place() {
        return place;
    }

    /**
     * Takes what its topic has for all.
     *
     * @param before the position that these bytes continue
     */
    void deliver(ByteBuf shared, long before) {
        if (outlet.isWritable()) {
            send(shared.retainedDuplicate());
        } else {
            fallBehind(before);
        }
    }

    /** Leaves the live end; it goes on from a position as soon as it can. */
    void fallBehind(long at) {
        leaveTopic();
        position = at;
    }

    /** Sends the next batch, where the connection takes it, or looks for it. */
    void pull() {
        queued = false;
        if (ended || topic != null || reading != null || !outlet.isWritable()) {
            return;
        }
        var bounds = ring.bounds();
        if (epoch != bounds.epoch()) {
            reset(bounds.end(), Reset.UNKNOWN_HISTORY);
        } else if (page != null) {
            pullFrom(page);
        } else if (position >= end) {
            complete();
        } else if (epoch != group.epoch() || position > group.position()) {
            // It began at a moment that its group has not come to yet.
            group.await(this);
            return;
        } else if (position == group.position()) {
            arrive();
            return;
        } else if (feed.isInStore() || position + 1 < bounds.first()) {
            read();
            return;
        } else {
            pullFromRing();
        }
        if (!ended) {
            group.enqueue(this);
        }
    }

    /** It has got everything that its group has. */
    private void arrive() {
        if (announce) {
            announce = false;
            send(format.live(cursor()));
        }
        if (isAlone()) {
            group.await(this);
        } else {
            topic = group.join(this, new Topic.Key(feed, format, outlet.framing()));
        }
    }

    private void pullFromRing() {
        var batch = new Batch();
        var last = Math.min(Math.min(group.position(), end), position + SCAN);
        while (position < last && !batch.isFull()) {
            var frame = ring.get(position + 1);
            if (frame == null) {
                break;
            }
            var entry = frame.entry();
            position = entry.seq();
            if (entry.type() != EventType.WITHDRAWN && feed.matches(entry.now())) {
                batch.add(frame.encoded(format, false));
            } else if (feed.matches(entry.before())) {
                batch.add(frame.encoded(format, true));
            }
        }
        send(batch);
    }

    private void pullFrom(CatchUp.Page.Events from) {
        if (!catchUp.isCurrent(from)) {
            page = null;
            return;
        }
        var batch = new Batch();
        var events = from.events();
        while (pageIndex < events.size() && !batch.isFull()) {
            var event = events.get(pageIndex++);
            var seq = event.frame().entry().seq();
            if (seq > position) {
                position = seq;
                batch.add(event.frame().encoded(format, event.leaves()));
            }
        }
        if (pageIndex == events.size()) {
            position = from.reached();
            page = null;
        }
        send(batch);
    }

    private void read() {
        var from = new Cursor(epoch, position);
        reading = catchUp.read(feed, format, from, Math.min(group.position(), end))
                .subscribe(result -> group.loop().execute(() -> arrived(from, result)));
    }

    private void arrived(Cursor from, CatchUp.Page result) {
        if (ended || !from.equals(new Cursor(epoch, position))) {
            return;
        }
        reading = null;
        switch (result) {
            case CatchUp.Page.Events events -> {
                page = events;
                pageIndex = 0;
            }
            case CatchUp.Page.Lost lost -> reset(lost.end(), lost.reason());
        }
        group.enqueue(this);
    }

    private void reset(Cursor to, Reset reason) {
        epoch = to.epoch();
        position = to.seq();
        page = null;
        send(format.reset(to, reason));
        meters.reset(reason);
    }

    private void send(Batch batch) {
        if (!batch.isEmpty()) {
            send(batch.take(outlet.framing(), ByteBufAllocator.DEFAULT));
        }
    }

    private void send(byte[] notice) {
        if (notice.length > 0) {
            send(outlet.framing().frame(ByteBufAllocator.DEFAULT, List.of(notice)));
        }
    }

    private void send(ByteBuf framed) {
        silent = false;
        bytes += framed.readableBytes();
        outlet.send(framed);
    }

    /** Does what is due: a heartbeat where the stream was silent, or its end. */
    void tick(long now) {
        if (!warned && now - expiresAt >= -settings.expiryNotice().toNanos()) {
            warned = true;
            send(format.expiring(Instant.now().plusNanos(expiresAt - now).truncatedTo(ChronoUnit.SECONDS)));
        }
        if (isRevoked()) {
            close(ClosingReason.REVOKED);
        } else if (now - expiresAt >= 0) {
            close(ClosingReason.EXPIRED);
        } else if (now - closeAt >= 0) {
            close(ClosingReason.LIFETIME);
        } else if (topic == null && lag() > allowedLag) {
            close(ClosingReason.LAGGING);
        } else if (!silent) {
            silent = true;
            beatAt = now + settings.heartbeatNanos();
        } else if (now - beatAt >= 0 && outlet.isWritable()) {
            send(format.heartbeat());
        }
    }

    /** Tells the client why, and ends the stream. */
    void close(ClosingReason reason) {
        if (!ended) {
            send(format.closing(reason, settings.retryMillis()));
            end(reason);
            outlet.end();
        }
    }

    private void complete() {
        end(ClosingReason.COMPLETE);
        outlet.end();
    }

    private void end(ClosingReason reason) {
        if (ended) {
            return;
        }
        ended = true;
        leaveTopic();
        page = null;
        if (reading != null) {
            reading.dispose();
            reading = null;
        }
        group.remove(this);
        registry.ended(this, reason);
    }

    private void leaveTopic() {
        var left = topic;
        if (left != null) {
            topic = null;
            group.leave(this, left);
        }
    }
}
