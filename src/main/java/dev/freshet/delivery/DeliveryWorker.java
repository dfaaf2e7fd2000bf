package dev.freshet.delivery;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.tail.TailListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Claims subscriptions that are behind the tail, and runs their deliveries. A look claims as many as there are free
 * places, then finds the time of the next one.
 */
final class DeliveryWorker implements TailListener, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeliveryWorker.class);
    /** The minimum time between looks, in which events gather. */
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** The time between looks while no subscription is known and events arrive: another instance may have added one. */
    private static final Duration UNKNOWN_PAUSE = Duration.ofSeconds(2);
    /** The time between looks without any reason. */
    static final Duration SWEEP = Duration.ofSeconds(30);

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(2);
    private static final int CONCURRENT_RELEASES = 8;

    private final DeliveryResources resources;
    private final int places;
    // The claims of this instance: subscription and fencing number.
    private final Map<UUID, Long> claims = new ConcurrentHashMap<>();
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable Disposable loop;
    private volatile @Nullable FluxSink<Boolean> wakes;
    private volatile @Nullable Cursor tail;
    private volatile boolean known;
    private volatile long lookedAtNanos = System.nanoTime();

    DeliveryWorker(DeliveryResources resources) {
        this.resources = resources;
        this.places = resources.settings().atOnce();
    }

    /** Looks for subscriptions to deliver, soon. Called by any thread. */
    void wake() {
        var sink = wakes;
        if (sink != null) {
            sink.next(true);
        }
    }

    private void wakeAfter(Duration time) {
        timer.update(Schedulers.parallel().schedule(this::wake, time.toMillis(), TimeUnit.MILLISECONDS));
    }

    private Flux<SubscriptionRow> look() {
        var end = tail;
        if (end == null) {
            return Flux.empty();
        }
        lookedAtNanos = System.nanoTime();
        var free = places - claims.size();
        // Slow and failing targets never use more than half of the places.
        var claimed = free <= 0
                ? Flux.<SubscriptionRow>empty()
                : resources
                        .claims()
                        .claim(
                                end.epoch(),
                                end.seq(),
                                free,
                                Math.max(0, free - places / 2),
                                DeliveryRun.LEASE.toMillis() / 1000.0);
        return claimed.doOnNext(row -> claims.put(row.id(), row.fence()))
                .concatWith(Flux.defer(() -> resources.states().count(end.epoch(), end.seq()))
                        .collectList()
                        .doOnNext(states -> prepareNextLook(states, free > 0))
                        .filter(states ->
                                states.stream().anyMatch(each -> each.state().equals(StateCount.EXPIRED)))
                        .flatMap(states -> resources.claims().deleteExpired())
                        .then(Mono.empty()))
                .onErrorResume(failure -> {
                    log.warn("Looking for subscriptions failed, retrying: {}", failure.toString());
                    wakeAfter(RETRY_PAUSE);
                    return Flux.empty();
                });
    }

    private void prepareNextLook(List<StateCount> states, boolean hadPlace) {
        known = !states.isEmpty();
        resources.meters().states(states);
        var wait = states.stream()
                .map(StateCount::pause)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .filter(seconds -> hadPlace || seconds > 0)
                .min()
                .orElse((double) SWEEP.toSeconds());
        var millis = (long) Math.ceil(wait * 1000);
        wakeAfter(Duration.ofMillis(Math.clamp(millis, 4 * PAUSE.toMillis(), SWEEP.toMillis())));
    }

    private Mono<Void> run(SubscriptionRow row) {
        return Mono.defer(() -> new DeliveryRun(resources, row, () -> Objects.requireNonNull(tail)).run())
                .onErrorResume(failure -> {
                    log.error("Subscription {} cannot be delivered", row.id(), failure);
                    return Mono.empty();
                })
                .doOnTerminate(() -> {
                    claims.remove(row.id());
                    wake();
                });
    }

    @Override
    public int getOrder() {
        return DELIVERY + 1;
    }

    @Override
    public void begin(Cursor position) {
        tail = position;
        wake();
    }

    @Override
    public void entries(List<LogEntry> entries) {
        var before = Objects.requireNonNull(tail);
        tail = new Cursor(before.epoch(), entries.getLast().seq());
        if (entries.stream().anyMatch(entry -> entry.type() == EventType.WITHDRAWN)) {
            resources.reader().withdrawn();
        }
        var pause = UNKNOWN_PAUSE.toNanos() - (System.nanoTime() - lookedAtNanos);
        if (known || pause <= 0) {
            wake();
        } else {
            wakeAfter(Duration.ofNanos(pause));
        }
    }

    @Override
    public void reset(Cursor position) {
        tail = position;
        resources.reader().withdrawn();
        wake();
    }

    @Override
    public void start() {
        loop = Flux.<Boolean>create(sink -> wakes = sink, FluxSink.OverflowStrategy.LATEST)
                .concatMap(wake -> look().concatWith(Mono.delay(PAUSE).then(Mono.empty())), 0)
                .flatMap(this::run, places)
                .subscribe(done -> {}, failure -> log.error("Deliveries ended; restart this instance", failure));
        wake();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** Stops deliveries in progress, and releases their claims, so that another instance continues at once. */
    @Override
    public void stop(Runnable callback) {
        var running = loop;
        var held = new HashMap<>(claims);
        loop = null;
        wakes = null;
        timer.update(Disposables.disposed());
        if (running != null) {
            running.dispose();
        }
        claims.clear();
        Flux.fromIterable(held.entrySet())
                .flatMap(claim -> resources.claims().release(claim.getKey(), claim.getValue()), CONCURRENT_RELEASES)
                .timeout(RELEASE_TIMEOUT)
                .onErrorComplete()
                .doFinally(signal -> callback.run())
                .subscribe();
    }

    @Override
    public boolean isRunning() {
        return loop != null;
    }
}
