package dev.freshet.platform;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Claims work that instances share, and runs it in a bounded number of places. A look claims as much as there are free places.
 * Looks follow a wake, one at a time and with a pause between them. The end of a run is a wake. Safe for use by any thread.
 *
 * @param <K> identifies work
 * @param <C> a claim on it
 */
public final class ClaimedWork<K, C> {

    private static final Logger log = LoggerFactory.getLogger(ClaimedWork.class);
    /** Far longer than a look takes. Ends one whose connection is silent. */
    static final Duration LOOK_TIMEOUT = Duration.ofMinutes(1);

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(2);
    private static final int CONCURRENT_RELEASES = 8;

    /** The work. */
    public interface Worker<K, C> {

        /**
         * Claims work, and calls {@link #wakeAfter} for the next look.
         *
         * @param free maximum of claims; may be 0
         */
        Flux<C> look(int free);

        /** Returns the work of a claim. */
        K key(C claim);

        /** Works until the claim has ended. */
        Mono<Void> run(C claim);

        /** Ends a claim whose run was cancelled. */
        Mono<?> release(C claim);
    }

    private final String name;
    private final int places;
    private final Duration pause;
    private final Worker<K, C> worker;
    private final Scheduler time;
    private final FaultLog delays = new FaultLog(log, Level.WARN);
    // The claims of this instance.
    private final Map<K, C> claims = new ConcurrentHashMap<>();
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable Disposable loop;
    private volatile @Nullable FluxSink<Boolean> wakes;

    /**
     * Prepares work that begins with {@link #start}.
     *
     * @param name for the log, in the plural
     * @param places maximum of runs at a time
     * @param pause the minimum time between looks
     */
    public ClaimedWork(String name, int places, Duration pause, Worker<K, C> worker) {
        this(name, places, pause, worker, Schedulers.parallel());
    }

    ClaimedWork(String name, int places, Duration pause, Worker<K, C> worker, Scheduler time) {
        this.name = name;
        this.places = places;
        this.pause = pause;
        this.worker = worker;
        this.time = time;
    }

    /** Looks for work, soon. */
    public void wake() {
        var sink = wakes;
        if (sink != null) {
            sink.next(true);
        }
    }

    /** Looks for work after a time, unless another call names another time before. */
    public void wakeAfter(Duration delay) {
        timer.update(time.schedule(this::wake, delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Returns the number of free places. */
    public int free() {
        return places - claims.size();
    }

    /** Starts with a look. */
    public void start() {
        loop = Flux.<Boolean>create(sink -> wakes = sink, FluxSink.OverflowStrategy.LATEST)
                .concatMap(wake -> look().concatWith(Mono.delay(pause, time).then(Mono.empty())), 0)
                .flatMap(this::run, places)
                .subscribe(done -> {}, failure -> log.error("{} ended; restart this instance", name, failure));
        wake();
    }

    private Flux<C> look() {
        return Flux.defer(() -> worker.look(Math.max(0, free())))
                .timeout(LOOK_TIMEOUT, time)
                .doOnNext(claim -> claims.put(worker.key(claim), claim))
                .onErrorResume(failure -> {
                    delays.report(name + " are delayed, since looking for them failed", failure);
                    wakeAfter(RETRY_PAUSE);
                    return Flux.empty();
                });
    }

    private Mono<Void> run(C claim) {
        return Mono.defer(() -> worker.run(claim))
                .onErrorResume(failure -> {
                    log.error("{} failed for {}", name, worker.key(claim), failure);
                    return Mono.empty();
                })
                .doOnTerminate(() -> {
                    claims.remove(worker.key(claim));
                    wake();
                });
    }

    /**
     * Cancels runs in progress, and releases their claims, so that another instance continues at once.
     *
     * @param callback called once the claims are released or a time limit has passed
     */
    public void stop(Runnable callback) {
        var running = loop;
        var held = List.copyOf(claims.values());
        loop = null;
        wakes = null;
        timer.update(Disposables.disposed());
        if (running != null) {
            running.dispose();
        }
        claims.clear();
        Flux.fromIterable(held)
                .flatMap(worker::release, CONCURRENT_RELEASES)
                .timeout(RELEASE_TIMEOUT, time)
                .onErrorComplete()
                .doFinally(signal -> callback.run())
                .subscribe();
    }

    public boolean isRunning() {
        return loop != null;
    }
}
