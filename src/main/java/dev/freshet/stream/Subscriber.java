package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feedlog.Cursor;
import dev.freshet.feedlog.EventType;
import dev.freshet.feedlog.Selected;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;

/**
 * One open stream: a feed, a position and a connection. It pulls the next frames whenever its connection is writable
 * and somebody asked for them. All state belongs to the connection's event loop.
 */
final class Subscriber implements Subscription {

    // After this many batches the loop's other connections have their turn.
    private static final int BATCHES_A_TURN = 8;
    private static final int SCAN = 4096;
    private static final long FAREWELL_SECONDS = 10;

    private final Channel channel;
    private final Ring ring;
    private final CatchUp catchUp;
    private final StreamSettings settings;
    private final Consumer<Subscriber> onEnd;
    private final CoreSubscriber<? super ByteBuf> out;

    private final Feed feed;
    private final Format format;
    private final long end;
    private final long allowedLag;
    private boolean announce;

    private long epoch;
    private long position;
    private @Nullable ByteBuf notice;
    private ArrayDeque<Selected> page = new ArrayDeque<>(0);
    private long pageReached;
    private @Nullable Disposable reading;
    private @Nullable ScheduledFuture<?> heartbeat;
    private boolean silent;
    private long requested;
    private boolean running;
    private boolean again;
    private boolean ended;

    Subscriber(
            Channel channel,
            Ring ring,
            CatchUp catchUp,
            StreamSettings settings,
            Opening opening,
            Consumer<Subscriber> onEnd,
            CoreSubscriber<? super ByteBuf> out) {
        this.channel = channel;
        this.ring = ring;
        this.catchUp = catchUp;
        this.settings = settings;
        this.onEnd = onEnd;
        this.out = out;
        this.feed = opening.feed();
        this.format = opening.format();
        this.end = opening.end();
        this.announce = opening.announce();
        this.epoch = opening.start().epoch();
        this.position = opening.start().seq();
        this.allowedLag = Math.max(0, ring.bounds().last() - position) + settings.lagLimit();
        this.notice = greeting(opening);
    }

    private ByteBuf greeting(Opening opening) {
        var greeting = format.greeting(retryMillis());
        return opening.reset() == null
                ? greeting
                : Unpooled.wrappedBuffer(greeting, format.reset(opening.start(), opening.reset()));
    }

    /** Begins; on the event loop, once. */
    void begin() {
        out.onSubscribe(this);
        scheduleHeartbeat();
        wake();
    }

    private Cursor position() {
        return new Cursor(epoch, position);
    }

    /** How many bytes the connection has not taken yet; from any thread. */
    long pendingBytes() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n)) {
            return;
        }
        if (channel.eventLoop().inEventLoop()) {
            requested = Operators.addCap(requested, n);
            wake();
        } else {
            channel.eventLoop().execute(() -> {
                requested = Operators.addCap(requested, n);
                wake();
            });
        }
    }

    @Override
    public void cancel() {
        if (channel.eventLoop().inEventLoop()) {
            end();
        } else {
            channel.eventLoop().execute(this::end);
        }
    }

    /** Looks for something to send; on the event loop. */
    void wake() {
        if (running) {
            // Sending may ask for more before it returns: go round once more instead of nesting.
            again = true;
            return;
        }
        running = true;
        try {
            do {
                again = false;
                turn();
            } while (again && !ended);
        } finally {
            running = false;
        }
    }

    private void turn() {
        for (var batches = 0; !ended && requested > 0 && channel.isWritable(); batches++) {
            if (batches == BATCHES_A_TURN) {
                channel.eventLoop().execute(this::wake);
                return;
            }
            var bytes = next();
            if (bytes == null) {
                break;
            }
            send(bytes);
        }
        if (!ended && ring.bounds().last() - position > allowedLag) {
            close("lagging");
        }
    }

    private void send(ByteBuf bytes) {
        requested = requested == Long.MAX_VALUE ? requested : requested - 1;
        silent = false;
        out.onNext(bytes);
    }

    /** The next bytes to send, or null where there is nothing to send now. */
    private @Nullable ByteBuf next() {
        var waiting = notice;
        if (waiting != null) {
            notice = null;
            return waiting;
        }
        while (!ended) {
            var bounds = ring.bounds();
            if (bounds.epoch() != epoch) {
                return reset(bounds.end(), Reset.UNKNOWN_HISTORY);
            }
            if (!page.isEmpty()) {
                return fromPage();
            }
            if (reading != null) {
                return null;
            }
            if (position >= end) {
                complete();
                return null;
            }
            if (position >= bounds.last()) {
                return announcement();
            }
            if (feed.isSearch() || position + 1 < bounds.first()) {
                read(bounds);
                // A read that gave its result at once has woken this subscriber again.
                return null;
            }
            var batch = fromRing(bounds);
            if (batch != null) {
                return batch;
            }
        }
        return null;
    }

    private @Nullable ByteBuf announcement() {
        if (!announce) {
            return null;
        }
        announce = false;
        return format.live(position());
    }

    private @Nullable ByteBuf fromRing(Ring.Bounds bounds) {
        var batch = new Batch();
        var last = Math.min(Math.min(bounds.last(), end), position + SCAN);
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
        return batch.bytes();
    }

    private ByteBuf fromPage() {
        var batch = new Batch();
        while (!page.isEmpty() && !batch.isFull()) {
            var selected = page.remove();
            position = selected.entry().seq();
            batch.add(new Frame(epoch, selected.entry()).encoded(format, selected.leaves()));
        }
        if (page.isEmpty()) {
            page = new ArrayDeque<>(0);
            position = pageReached;
        }
        var bytes = batch.bytes();
        return bytes == null ? Unpooled.EMPTY_BUFFER : bytes;
    }

    private void read(Ring.Bounds bounds) {
        var from = position();
        reading = catchUp.read(feed, format, from, Math.min(bounds.last(), end))
                .subscribe(result -> channel.eventLoop().execute(() -> arrived(from, result)));
    }

    private void arrived(Cursor from, CatchUp.Page result) {
        reading = null;
        if (ended || !from.equals(position())) {
            return;
        }
        switch (result) {
            case CatchUp.Page.Entries entries -> {
                if (entries.entries().isEmpty()) {
                    position = entries.reached();
                } else {
                    page = new ArrayDeque<>(entries.entries());
                    pageReached = entries.reached();
                }
            }
            case CatchUp.Page.Lost lost -> notice = reset(lost.end(), lost.reason());
        }
        wake();
    }

    private ByteBuf reset(Cursor to, Reset reason) {
        epoch = to.epoch();
        position = to.seq();
        page = new ArrayDeque<>(0);
        stopReading();
        return format.reset(to, reason);
    }

    /** Tells the client why, and ends the stream; on the event loop. */
    void close(String reason) {
        if (ended) {
            return;
        }
        if (requested > 0) {
            send(format.closing(reason, retryMillis()));
        }
        complete();
        // A client that does not read never lets the last bytes go.
        if (!channel.isWritable()) {
            var unused = channel.eventLoop().schedule(this::cut, FAREWELL_SECONDS, TimeUnit.SECONDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private void cut() {
        channel.close();
    }

    private void complete() {
        if (!ended) {
            end();
            out.onComplete();
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        page = new ArrayDeque<>(0);
        stopReading();
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
        onEnd.accept(this);
    }

    private void stopReading() {
        if (reading != null) {
            reading.dispose();
            reading = null;
        }
    }

    private void scheduleHeartbeat() {
        silent = true;
        var millis = jittered(
                settings.heartbeat().toMillis() * 4 / 5, settings.heartbeat().toMillis() * 6 / 5);
        heartbeat = channel.eventLoop().schedule(this::beat, millis, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        if (silent && requested > 0 && channel.isWritable()) {
            send(format.heartbeat());
        }
        if (!ended) {
            scheduleHeartbeat();
        }
    }

    private long retryMillis() {
        return jittered(settings.retry().toMillis(), settings.retry().toMillis() * 3);
    }

    private static long jittered(long from, long to) {
        return ThreadLocalRandom.current().nextLong(from, to + 1);
    }
}
