package dev.freshet.content.source;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Polls the first due source of a claimed host, then ends the claim. The poll is cancelled once the claim has ended, and its
 * articles and result are written only while the fencing number of the source is the one of this poll.
 */
final class HostRun {

    /** The time after which another instance can take over from one that stopped without notice. */
    static final Duration LEASE = Duration.ofSeconds(5);

    static final double LEASE_SECONDS = (double) LEASE.toSeconds();

    private static final Logger log = LoggerFactory.getLogger(HostRun.class);
    private static final Duration RENEWAL = Duration.ofMillis(1600);
    private static final double MILLIS = 1000;

    private final PollServices services;
    private final HostClaim claim;

    HostRun(PollServices services, HostClaim claim) {
        this.services = services;
        this.claim = claim;
    }

    /** Polls. Never fails. */
    Mono<Void> run() {
        var hosts = services.hosts();
        var pause = (double) services.settings().interval().host().toMillis() / MILLIS;
        // Not Flux.interval, whose cancellation takes a lock of the timer, on which an event loop must not wait.
        var lost = Mono.delay(RENEWAL)
                .repeat()
                .concatMap(tick ->
                        hosts.renew(claim.host(), claim.fence(), LEASE_SECONDS).onErrorReturn(1L))
                .filter(renewed -> renewed == 0);
        return services.polls()
                .begin(claim.host(), claim.fence())
                .flatMap(source -> poll(source).thenReturn(source.id()))
                .switchIfEmpty(Mono.defer(() -> hosts.deleteEmpty(claim.host(), claim.fence(), claim.wakes())
                        .then(Mono.<UUID>empty())))
                .then(Mono.defer(() -> hosts.release(claim.host(), claim.fence(), claim.wakes(), pause)))
                .then()
                .onErrorResume(failure -> {
                    // The host is due again at the end of the lease.
                    log.warn("Polling sources of {} failed: {}", claim.host(), failure.toString());
                    return Mono.empty();
                })
                .takeUntilOther(lost);
    }

    private Mono<Void> maintainHub(UUID source, PollOutcome outcome, PollReport report) {
        if (outcome instanceof PollOutcome.Read read) {
            var delay = Duration.ofSeconds((long) report.next().delay());
            return services.hubs().maintain(source, read.hub().hub(), read.hub().topic(), delay);
        }
        return Mono.empty();
    }

    private Mono<Void> poll(SourceRow source) {
        return Mono.defer(() -> {
            var start = System.nanoTime();
            return services.poll(source)
                    .onErrorResume(failure -> {
                        log.error("Polling {} failed", source.address(), failure);
                        return Mono.just(new PollOutcome.Failed(null, "An internal error occurred.", null));
                    })
                    .flatMap(outcome -> {
                        var time = Duration.ofNanos(System.nanoTime() - start);
                        services.meters().poll(outcome, time);
                        var report = services.reports().of(source, outcome, time, Instant.now());
                        return services.polls()
                                .record(
                                        source.id(),
                                        source.fence(),
                                        services.codec().report(report),
                                        PollLogRepository.KEPT_POLLS)
                                .flatMap(recorded -> maintainHub(recorded.id(), outcome, report));
                    });
        });
    }
}
