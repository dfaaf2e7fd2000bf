package dev.freshet.delivery;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.tail.TailListener;
import dev.freshet.platform.ClaimedWork;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Claims subscriptions that are behind the tail, and runs their deliveries. The whole table is read at most twice a second,
 * and otherwise only the subscriptions that are due.
 */
final class DeliveryWorker implements TailListener, SmartLifecycle, ClaimedWork.Worker<UUID, SubscriptionRow> {

    /** The minimum time between looks, in which events gather. */
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** The minimum time between two counts of all subscriptions. */
    private static final Duration COUNT_PAUSE = Duration.ofMillis(500);
    /** The time between looks while no subscription is known and events arrive: another instance may have added one. */
    private static final Duration UNKNOWN_PAUSE = Duration.ofSeconds(2);
    /** The time between looks without any reason. */
    static final Duration SWEEP = Duration.ofSeconds(30);

    private final DeliveryResources resources;
    private final int places;
    private final ClaimedWork<UUID, SubscriptionRow> work;
    private volatile @Nullable Cursor tail;
    private volatile boolean known;
    private volatile long lookedAtNanos = System.nanoTime();
    private volatile long countedAtNanos = System.nanoTime() - COUNT_PAUSE.toNanos();

    DeliveryWorker(DeliveryResources resources) {
        this.resources = resources;
        this.places = resources.settings().atOnce();
        this.work = new ClaimedWork<>("Deliveries", places, PAUSE, this);
    }

    /** Looks for subscriptions to deliver, soon. Called by any thread. */
    void wake() {
        work.wake();
    }

    @Override
    public Flux<SubscriptionRow> look(int free) {
        var end = tail;
        if (end == null) {
            return Flux.empty();
        }
        lookedAtNanos = System.nanoTime();
        // Slow and failing targets never use more than half of the places.
        var claimed = free == 0
                ? Flux.<SubscriptionRow>empty()
                : resources
                        .claims()
                        .claim(
                                end.epoch(),
                                end.seq(),
                                free,
                                Math.max(0, free - places / 2),
                                DeliveryRun.LEASE.toMillis() / 1000.0);
        return claimed.concatWith(
                Mono.defer(() -> prepareNextLook(end, free > 0)).then(Mono.empty()));
    }

    private Mono<?> prepareNextLook(Cursor end, boolean hadPlace) {
        var rest = COUNT_PAUSE.toNanos() - (System.nanoTime() - countedAtNanos);
        if (rest > 0) {
            return resources
                    .states()
                    .untilNext(rest / 1e9)
                    .doOnNext(seconds -> wakeAfter(Math.min(seconds, rest / 1e9)));
        }
        countedAtNanos = System.nanoTime();
        return resources
                .states()
                .count(end.epoch(), end.seq())
                .collectList()
                .doOnNext(states -> wakeAfter(pause(states, hadPlace)))
                .filter(states -> states.stream().anyMatch(each -> each.state().equals(StateCount.EXPIRED)))
                .flatMap(states -> resources.claims().deleteExpired());
    }

    private double pause(List<StateCount> states, boolean hadPlace) {
        known = !states.isEmpty();
        resources.meters().states(states);
        return states.stream()
                .map(StateCount::pause)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .filter(seconds -> hadPlace || seconds > 0)
                .min()
                .orElse((double) SWEEP.toSeconds());
    }

    private void wakeAfter(double seconds) {
        var millis = (long) Math.ceil(seconds * 1000);
        work.wakeAfter(Duration.ofMillis(Math.clamp(millis, 4 * PAUSE.toMillis(), SWEEP.toMillis())));
    }

    @Override
    public UUID key(SubscriptionRow claim) {
        return claim.id();
    }

    @Override
    public Mono<Void> run(SubscriptionRow claim) {
        return new DeliveryRun(resources, claim, () -> Objects.requireNonNull(tail)).run();
    }

    @Override
    public Mono<?> release(SubscriptionRow claim) {
        return resources.claims().release(claim.id(), claim.fence());
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
            work.wakeAfter(Duration.ofNanos(pause));
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
        work.start();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        work.stop(callback);
    }

    @Override
    public boolean isRunning() {
        return work.isRunning();
    }
}
