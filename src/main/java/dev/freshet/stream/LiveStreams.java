package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.tail.Follower;
import dev.freshet.log.tail.TailEvent;
import dev.freshet.read.page.LastChanges;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Owns the ring and its subscribers: fills it from the live end while the instance runs, and releases the subscribers
 * before the web server stops.
 */
final class LiveStreams implements SmartLifecycle, MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

    private final FeedLog feedLog;
    private final Follower follower;
    private final LastChanges changes;
    private final StreamSettings settings;
    private final StreamMeters meters;
    private final CatchUp catchUp;
    private final Sinks.One<Live> live = Sinks.one();
    private @Nullable Disposable following;
    private volatile @Nullable Live current;

    /** The two, once the position to begin at is known. */
    record Live(Ring ring, Subscribers subscribers) {}

    LiveStreams(FeedLog feedLog, Follower follower, LastChanges changes, StreamSettings settings, StreamMeters meters) {
        this.feedLog = feedLog;
        this.follower = follower;
        this.changes = changes;
        this.settings = settings;
        this.meters = meters;
        this.catchUp = new CatchUp(
                feedLog, settings.catchUpEvents(), settings.catchUpSize().toBytes(), meters);
    }

    /** The ring and its subscribers, as soon as the instance knows where the live end is. */
    Mono<Live> live() {
        return live.asMono();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (var format : Format.values()) {
            for (var live : List.of(true, false)) {
                gauge(
                                "freshet.subscribers",
                                "Open streams",
                                streams -> streams.subscribers().all().stream()
                                        .filter(each -> each.format() == format && each.isLive() == live)
                                        .count())
                        .tag("format", format.toString())
                        .tag("state", live ? "live" : "catch-up")
                        .register(registry);
            }
        }
        gauge(
                        "freshet.subscribers.lag",
                        "Events that the subscriber furthest behind has not got",
                        streams -> streams.subscribers().all().stream()
                                .mapToLong(Subscriber::lag)
                                .max()
                                .orElse(0))
                .register(registry);
        gauge(
                        "freshet.subscribers.pending",
                        "Bytes that connections have not taken yet",
                        streams -> streams.subscribers().all().stream()
                                .mapToLong(Subscriber::pendingBytes)
                                .sum())
                .baseUnit("bytes")
                .register(registry);
        gauge("freshet.ring.events", "Events that the ring holds", streams -> {
                    var bounds = streams.ring().bounds();
                    return bounds.last() - bounds.first() + 1;
                })
                .register(registry);
        gauge(
                        "freshet.ring.size",
                        "Memory of the ring's articles",
                        streams -> streams.ring().bounds().size())
                .baseUnit("bytes")
                .register(registry);
        gauge(
                        "freshet.ring.position",
                        "The last seq in the ring",
                        streams -> streams.ring().bounds().last())
                .register(registry);
    }

    private Gauge.Builder<LiveStreams> gauge(String name, String description, ToLongFunction<Live> figure) {
        return Gauge.builder(name, this, streams -> {
                    var now = streams.current;
                    return now == null ? 0 : figure.applyAsLong(now);
                })
                .description(description);
    }

    @Override
    public void start() {
        following = feedLog.extent()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(2)))
                .flatMapMany(extent -> follower.follow(extent.end()).doOnNext(begin(extent.end())))
                .subscribe(event -> {}, failure -> log.error("The live end was lost for good", failure));
    }

    private Consumer<TailEvent> begin(Cursor position) {
        var ring = new Ring(settings.ringEvents(), settings.ringSize().toBytes(), position);
        var subscribers = new Subscribers(ring, catchUp, settings, meters);
        var begun = new Live(ring, subscribers);
        current = begun;
        changes.begin(position);
        live.tryEmitValue(begun);
        return event -> {
            switch (event) {
                case TailEvent.Entries next -> {
                    // Before any subscriber hears of them: who saw an event gets no page from before it.
                    changes.note(next.entries());
                    ring.append(next.entries());
                    if (next.entries().stream().anyMatch(entry -> entry.type() == EventType.WITHDRAWN)) {
                        catchUp.withdrawn();
                    }
                }
                case TailEvent.Reset reset -> {
                    changes.begin(reset.position());
                    ring.reset(reset.position());
                }
            }
            subscribers.news();
        };
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        var streams = current;
        var drained =
                streams == null ? Mono.<Void>empty() : streams.subscribers().drain();
        var stopped = following;
        following = null;
        drained.doFinally(signal -> {
                    if (stopped != null) {
                        stopped.dispose();
                    }
                    callback.run();
                })
                .subscribe();
    }

    @Override
    public boolean isRunning() {
        return following != null;
    }

    /** Stops first of all: the web server's graceful shutdown would wait for streams that nobody ends. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
