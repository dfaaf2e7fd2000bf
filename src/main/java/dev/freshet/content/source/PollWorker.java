package dev.freshet.content.source;

import dev.freshet.platform.ClaimedWork;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Claims hosts that have a source to poll, and runs the polls. */
final class PollWorker implements SmartLifecycle, ClaimedWork.Worker<String, HostClaim> {

    /** The minimum time between looks, in which due hosts gather. */
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** The time between looks without any reason: another instance may have added a source. */
    private static final Duration SWEEP = Duration.ofSeconds(30);

    private static final double MILLIS = 1000;

    private final PollServices services;
    private final SourceStateRepository states;
    private final ClaimedWork<String, HostClaim> work;
    private volatile long countedAtNanos = System.nanoTime() - SWEEP.toNanos();

    PollWorker(PollServices services, SourceStateRepository states) {
        this.services = services;
        this.states = states;
        this.work = new ClaimedWork<>("Polls", services.settings().atOnce(), PAUSE, this);
    }

    /** Looks for sources to poll, soon. Called by any thread. */
    void wake() {
        work.wake();
    }

    @Override
    public Flux<HostClaim> look(int free) {
        var claimed = free == 0 ? Flux.<HostClaim>empty() : services.hosts().claim(free, HostRun.LEASE_SECONDS);
        return claimed.concatWith(Mono.defer(() -> services.hosts().pause((double) SWEEP.toSeconds()))
                .doOnNext(this::prepareNextLook)
                .flatMap(pause -> count())
                .then(Mono.empty()));
    }

    private void prepareNextLook(double pause) {
        services.meters().late(Math.max(0, -pause));
        // Without a free place, the end of a poll is the next reason.
        var millis = work.free() <= 0 ? SWEEP.toMillis() : (long) Math.ceil(pause * MILLIS);
        work.wakeAfter(Duration.ofMillis(Math.clamp(millis, PAUSE.toMillis(), SWEEP.toMillis())));
    }

    /** Counts the sources by state, at most once per sweep. Looks follow each other, so no two threads are here. */
    private Mono<Void> count() {
        if (System.nanoTime() - countedAtNanos < SWEEP.toNanos()) {
            return Mono.empty();
        }
        countedAtNanos = System.nanoTime();
        return states.count().collectList().doOnNext(services.meters()::states).then();
    }

    @Override
    public String key(HostClaim claim) {
        return claim.host();
    }

    /** Polls. At the end, the host may be due soon for its next source. */
    @Override
    public Mono<Void> run(HostClaim claim) {
        return new HostRun(services, claim).run();
    }

    @Override
    public Mono<?> release(HostClaim claim) {
        return services.hosts().release(claim.host(), claim.fence(), claim.wakes(), 0);
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
