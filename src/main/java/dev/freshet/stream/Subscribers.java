package dev.freshet.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

/** The instance's subscribers, grouped by event loop: one wake-up a loop and batch, however many they are. */
final class Subscribers {

    private static final String HANDLER = "freshet.writability";
    // Fewer than these leave at once when the instance drains.
    private static final int CROWD = 500;

    private final Ring ring;
    private final CatchUp catchUp;
    private final StreamSettings settings;
    private final Map<EventLoop, Group> groups = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private volatile boolean draining;

    Subscribers(Ring ring, CatchUp catchUp, StreamSettings settings) {
        this.ring = ring;
        this.catchUp = catchUp;
        this.settings = settings;
    }

    /** How many streams are open. */
    int count() {
        return count.get();
    }

    /** How many bytes were handed to connections that have not taken them yet. */
    long pendingBytes() {
        return groups.values().stream()
                .flatMap(group -> group.members.stream())
                .mapToLong(Subscriber::pendingBytes)
                .sum();
    }

    /** Whether no new streams are taken. */
    boolean isDraining() {
        return draining;
    }

    /**
     * The bytes of a stream over a connection, to be written and flushed item by item. Runs on the connection's event
     * loop.
     */
    Flux<ByteBuf> open(Connection connection, Opening opening) {
        var loop = connection.channel().eventLoop();
        return Flux.from(out -> loop.execute(() -> {
            var group = groups.computeIfAbsent(loop, Group::new);
            var subscriber = new Subscriber(
                    connection.channel(),
                    ring,
                    catchUp,
                    settings,
                    opening,
                    ended -> {
                        group.members.remove(ended);
                        connection.removeHandler(HANDLER);
                        left();
                    },
                    Operators.toCoreSubscriber(out));
            connection.addHandlerLast(HANDLER, new OnWritable(subscriber));
            group.members.add(subscriber);
            count.incrementAndGet();
            subscriber.begin();
            if (draining) {
                subscriber.close("draining");
            }
        }));
    }

    /** Wakes all subscribers; from any thread. */
    void wake() {
        groups.values().forEach(Group::wake);
    }

    /** Releases all subscribers over the drain window, and ends when the last one has left. */
    Mono<Void> drain() {
        draining = true;
        var open = count.get();
        var window = settings.drain().toMillis() * Math.min(open, CROWD) / CROWD;
        for (var group : groups.values()) {
            group.loop.execute(() -> group.members.forEach(member -> {
                var delay = ThreadLocalRandom.current().nextLong(window + 1);
                var unused = group.loop.schedule(() -> member.close("draining"), delay, TimeUnit.MILLISECONDS);
            }));
        }
        if (open == 0) {
            drained.tryEmitEmpty();
        }
        return drained.asMono().timeout(Duration.ofMillis(window).plusSeconds(5), Mono.empty());
    }

    private void left() {
        if (count.decrementAndGet() == 0 && draining) {
            drained.tryEmitEmpty();
        }
    }

    /** The subscribers of one event loop, which alone changes {@code members}. */
    private static final class Group {

        private final EventLoop loop;
        private final Set<Subscriber> members = ConcurrentHashMap.newKeySet();
        private final AtomicBoolean woken = new AtomicBoolean();

        Group(EventLoop loop) {
            this.loop = loop;
        }

        void wake() {
            if (woken.compareAndSet(false, true)) {
                loop.execute(() -> {
                    woken.set(false);
                    members.forEach(Subscriber::wake);
                });
            }
        }
    }

    private static final class OnWritable extends ChannelInboundHandlerAdapter {

        private final Subscriber subscriber;

        OnWritable(Subscriber subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            context.fireChannelWritabilityChanged();
            subscriber.wake();
        }
    }
}
