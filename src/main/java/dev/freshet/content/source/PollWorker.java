package dev.freshet.content.source;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
 * Claims hosts that have a source to poll, and runs the polls. A look claims as many as there are free places, then finds
 * the time of the next one.
 */
final class PollWorker implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PollWorker.class);
    /** The minimum time between looks, in which due hosts gather. */
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** The time between looks without any reason: another instance may have added a source. */
    private static final Duration SWEEP = Duration.ofSeconds(30);

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(2);
    private static final int CONCURRENT_RELEASES = 8;
    private static final double MILLIS = 1000;

    private final PollServices services;
    private final SourceStateRepository states;
    private final int places;
    // The claims of this instance by host.
    private final Map<String, HostClaim> claims = new ConcurrentHashMap<>();
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable Disposable loop;
    private volatile @Nullable FluxSink<Boolean> wakes;
    private volatile long countedAtNanos = System.nanoTime() - SWEEP.toNanos();

    PollWorker(PollServices services, SourceStateRepository states) {
        this.services = services;
        this.states = states;
        this.places = services.settings().atOnce();
    }

    /** Looks for sources to poll, soon. Called by any thread. */
    void wake() {
        var sink = wakes;
        if (sink != null) {
            sink.next(true);
        }
    }

    private void wakeAfter(Duration time) {
        timer.update(Schedulers.parallel().schedule(this::wake, time.toMillis(), TimeUnit.MILLISECONDS));
    }

    private Flux<HostClaim> look() {
        var free = places - claims.size();
        var claimed = free <= 0 ? Flux.<HostClaim>empty() : services.hosts().claim(free, HostRun.LEASE_SECONDS);
        return claimed.doOnNext(claim -> claims.put(claim.host(), claim))
                .concatWith(Flux.defer(() -> services.hosts().pause((double) SWEEP.toSeconds()))
                        .doOnNext(this::prepareNextLook)
                        .flatMap(pause -> count())
                        .thenMany(Flux.<HostClaim>empty()))
                .onErrorResume(failure -> {
                    log.warn("Looking for sources failed, retrying: {}", failure.toString());
                    wakeAfter(RETRY_PAUSE);
                    return Flux.empty();
                });
    }

    private void prepareNextLook(double pause) {
        services.meters().late(Math.max(0, -pause));
        // Without a free place, the end of a poll is the next reason.
        var millis = claims.size() >= places ? SWEEP.toMillis() : (long) Math.ceil(pause * MILLIS);
        wakeAfter(Duration.ofMillis(Math.clamp(millis, PAUSE.toMillis(), SWEEP.toMillis())));
    }

    /** Counts the sources by state, at most once per sweep. Looks follow each other, so no two threads are here. */
    private Mono<Void> count() {
        if (System.nanoTime() - countedAtNanos < SWEEP.toNanos()) {
            return Mono.empty();
        }
        countedAtNanos = System.nanoTime();
        return states.count().collectList().doOnNext(services.meters()::states).then();
    }

    private Mono<Void> run(HostClaim claim) {
        return new HostRun(services, claim).run().doOnTerminate(() -> {
            claims.remove(claim.host());
            // This host may be due soon, for its next source.
            wake();
        });
    }

    @Override
    public void start() {
        loop = Flux.<Boolean>create(sink -> wakes = sink, FluxSink.OverflowStrategy.LATEST)
                .concatMap(wake -> look().concatWith(Mono.delay(PAUSE).then(Mono.empty())), 0)
                .flatMap(this::run, places)
                .subscribe(done -> {}, failure -> log.error("Polls ended; restart this instance", failure));
        wake();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** Stops polls in progress, and ends their claims, so that another instance continues at once. */
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
        Flux.fromIterable(held.values())
                .flatMap(
                        claim -> services.hosts().release(claim.host(), claim.fence(), claim.wakes(), 0),
                        CONCURRENT_RELEASES)
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
