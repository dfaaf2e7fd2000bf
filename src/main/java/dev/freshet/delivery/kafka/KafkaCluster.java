package dev.freshet.delivery.kafka;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.freshet.delivery.Claim;
import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.Outcome;
import dev.freshet.delivery.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One cluster. Each subscription has a producer of its own, which is kept open for a while after a delivery.
 *
 * <p>A producer that is opened fences those of other instances, and only then asks whether its claim is still held. So the
 * instance with the last claim always has the last producer, and a former one can append nothing behind its records.
 */
final class KafkaCluster {

    /** The steps of a delivery that each may take the whole time limit: open, find the topic, send, commit. */
    static final int STEPS = 4;

    private static final Logger log = LoggerFactory.getLogger(KafkaCluster.class);
    private static final int MAX_IDLE = 100;

    private final String name;
    private final Map<String, Object> properties;
    private final Duration timeout;
    private final Scheduler threads;
    private final Cache<UUID, Idle> idle;
    private volatile boolean closed;

    /** @param claim the number of the last claim that used the producer */
    private record Idle(FencedProducer producer, long claim) {}

    /** A use of a producer that blocks. */
    private interface Use {
        Outcome apply(FencedProducer producer);
    }

    /**
     * Prepares a cluster without a connection.
     *
     * @param timeout maximum time of each step of a delivery
     * @param keepOpen time after which an unused producer is closed
     * @param threads for calls that block, one for each concurrent delivery
     */
    KafkaCluster(String name, Map<String, Object> properties, Duration timeout, Duration keepOpen, Scheduler threads) {
        this.name = name;
        this.properties = properties;
        this.timeout = timeout;
        this.threads = threads;
        this.idle = Caffeine.newBuilder()
                .maximumSize(MAX_IDLE)
                .expireAfterWrite(keepOpen)
                .scheduler(com.github.benmanes.caffeine.cache.Scheduler.systemScheduler())
                .executor(threads::schedule)
                .<UUID, Idle>removalListener((subscription, removed, cause) -> close(removed, cause))
                .build();
    }

    private static void close(@Nullable Idle removed, RemovalCause cause) {
        if (removed != null && cause != RemovalCause.EXPLICIT) {
            removed.producer().close();
        }
    }

    /** Sends events to a topic, in order, and waits until they are committed. Never fails. */
    Mono<Outcome> send(Target target, String topic, List<DeliveryEvent> events) {
        return run(target, producer -> producer.send(topic, events));
    }

    /** Checks that a topic exists. Never fails. */
    Mono<Outcome> check(Target target, String topic) {
        return run(target, producer -> {
            producer.check(topic);
            return new Outcome.Delivered();
        });
    }

    private Mono<Outcome> run(Target target, Use use) {
        var claim = target.claim();
        return Mono.fromCallable(
                        () -> claim == null ? useOnce(target, use) : useClaimed(target.subscription(), claim, use))
                .subscribeOn(threads)
                .timeout(timeout.multipliedBy(STEPS))
                .onErrorResume(error -> Mono.just(new Outcome.Failed(message(error), null)));
    }

    /** Uses another transactional id, so that the producer of the claim is not fenced. */
    private Outcome useOnce(Target target, Use use) {
        var producer = FencedProducer.open(properties, id(target.subscription()) + "-direct", timeout);
        try {
            return use.apply(producer);
        } finally {
            producer.close();
        }
    }

    private Outcome useClaimed(UUID subscription, Claim claim, Use use)
            throws ExecutionException, InterruptedException, TimeoutException {
        var known = idle.asMap().remove(subscription);
        if (known != null && known.claim() > claim.number()) {
            keep(subscription, known);
            return superseded();
        }
        try {
            if (known != null) {
                return use(subscription, new Idle(known.producer(), claim.number()), use);
            }
        } catch (RuntimeException e) {
            if (!FencedProducer.isFenced(e)) {
                throw e;
            }
            // Another instance delivered since. Whether its claim or this one is the last is asked below.
        }
        var opened = new Idle(FencedProducer.open(properties, id(subscription), timeout), claim.number());
        var held = false;
        try {
            // Not on an event loop.
            held = claim.held().toFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (!held) {
                opened.producer().close();
            }
        }
        return held ? use(subscription, opened, use) : superseded();
    }

    private static Outcome superseded() {
        return new Outcome.Failed("Another instance delivers the events of this subscription.", null);
    }

    private Outcome use(UUID subscription, Idle current, Use use) {
        var succeeded = false;
        try {
            var outcome = use.apply(current.producer());
            succeeded = true;
            return outcome;
        } finally {
            if (succeeded) {
                keep(subscription, current);
            } else {
                current.producer().close();
            }
        }
    }

    private void keep(UUID subscription, Idle unused) {
        var kept = idle.asMap().merge(subscription, unused, (one, other) -> one.claim() > other.claim() ? one : other);
        if (kept.producer() != unused.producer()) {
            unused.producer().close();
        }
        if (closed) {
            closeIdle();
        }
    }

    private static String id(UUID subscription) {
        return "freshet-" + subscription;
    }

    private String message(Throwable error) {
        log.debug("The cluster {} failed", name, error);
        if (error instanceof TimeoutException || error.getMessage() == null) {
            return "The cluster " + name + " did not answer in time.";
        }
        return error instanceof KafkaException
                ? "The cluster " + name + " did not take the events: " + error.getMessage()
                : "The events were not sent to the cluster " + name + ": " + error.getMessage();
    }

    private void closeIdle() {
        for (var subscription : List.copyOf(idle.asMap().keySet())) {
            var unused = idle.asMap().remove(subscription);
            if (unused != null) {
                unused.producer().close();
            }
        }
    }

    /** Ends all producers. */
    void close() {
        closed = true;
        closeIdle();
        threads.dispose();
    }
}
