package dev.freshet.stream;

import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.http.OpenFiles;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The instance's subscribers, by id and grouped by event loop. Thread-safe. */
final class Subscribers implements Subscriber.Registry {

    // With fewer streams than these, the drain window is shorter in proportion.
    private static final int FULL_WINDOW_STREAMS = 500;

    private final StreamResources resources;
    private final StreamLimits limits;
    // Starts at random, so that no two instances use the same ids.
    private final AtomicLong ids =
            new AtomicLong((long) ThreadLocalRandom.current().nextInt(1 << 30) << 32);
    private final OpenSubscribers open = new OpenSubscribers();
    private final Map<EventLoop, Group> groups = new ConcurrentHashMap<>();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private volatile boolean draining;

    Subscribers(StreamResources resources) {
        this.resources = resources;
        this.limits = new StreamLimits(resources.settings(), OpenFiles.maxConnections());
    }

    /** Returns the open streams in any order. */
    List<Subscriber> all() {
        return open.all();
    }

    /** Returns the open streams after an id, oldest first. */
    List<Subscriber> after(long id) {
        return open.after(id);
    }

    @Nullable
    Subscriber find(long id) {
        return open.find(id);
    }

    /** Returns the maximum of open streams. */
    int maxOpen() {
        return limits.max();
    }

    /** Returns the count of open streams, including those whose response has not begun. */
    int count() {
        return limits.open();
    }

    /** Returns whether new streams are refused. */
    boolean isDraining() {
        return draining;
    }

    /**
     * Opens a stream on the channel of a source.
     *
     * @return null, or the limit that forbids it: then no channel is created
     */
    StreamLimits.@Nullable Limit open(StreamChannel.Source source, StreamRequest request) {
        var reached = limits.acquire(request.client());
        if (reached != null) {
            resources.meters().refused(reached);
            return reached;
        }
        source.attach(channel -> new Subscriber(
                ids.incrementAndGet(),
                request,
                channel,
                groups.computeIfAbsent(channel.loop(), this::group),
                resources,
                this));
        return null;
    }

    private Group group(EventLoop loop) {
        return new Group(
                loop,
                resources.ring(),
                resources.searched(),
                resources.follows()::rule,
                resources.meters(),
                resources.settings());
    }

    @Override
    public void opened(Subscriber subscriber) {
        open.add(subscriber);
        if (draining) {
            subscriber.close(ClosingReason.DRAINING);
        }
    }

    @Override
    public void ended(Subscriber subscriber, ClosingReason reason) {
        open.remove(subscriber);
        limits.release(subscriber.terms().client());
        resources.meters().closed(reason);
        if (draining && count() == 0) {
            drained.tryEmitEmpty();
        }
    }

    /** Reports that accounts followed or unfollowed names. */
    void followed(Set<UUID> accounts) {
        groups.values().forEach(group -> group.followed(accounts));
    }

    /** Reports that the ring has changed. */
    void news() {
        resources.searched().news();
        wakeGroups();
    }

    /** Gives each event loop a turn. */
    void wakeGroups() {
        groups.values().forEach(Group::news);
    }

    /** Closes all streams over the drain window; completes when the last one has ended. */
    Mono<Void> drain() {
        draining = true;
        var waiting = count();
        var window =
                resources.settings().drain().toMillis() * Math.min(waiting, FULL_WINDOW_STREAMS) / FULL_WINDOW_STREAMS;
        groups.values().forEach(group -> group.drain(window));
        if (waiting == 0) {
            drained.tryEmitEmpty();
        }
        return drained.asMono()
                .timeout(Duration.ofMillis(window).plusSeconds(5), Mono.empty())
                .doFinally(signal -> groups.values().forEach(Group::stop));
    }
}
