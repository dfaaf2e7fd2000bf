package dev.freshet.content.queue;

import dev.freshet.content.intake.ImportLine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of one queue on this instance, and its metrics. Safe for use by any thread. */
final class QueueStatus {

    private static final Logger log = LoggerFactory.getLogger(QueueStatus.class);

    /** The states of a consumer. */
    private enum State {
        CONNECTING,
        CONSUMING,
        /** Another instance consumes the queue. */
        STANDBY,
        FAILING
    }

    /** @param error null unless it is failing */
    private record Present(
            State state, Instant since, @Nullable String error) {}

    private final String queue;
    private final MeterRegistry registry;
    private final AtomicReference<Present> present =
            new AtomicReference<>(new Present(State.CONNECTING, Instant.now(), null));

    QueueStatus(String queue, MeterRegistry registry) {
        this.queue = queue;
        this.registry = registry;
        Gauge.builder("freshet.queue.failing", this, QueueStatus::failing)
                .description("Whether the consumer of a queue fails: 1 or 0")
                .tag("queue", queue)
                .register(registry);
    }

    private double failing() {
        return present.get().state() == State.FAILING ? 1 : 0;
    }

    /** Records that messages can be consumed. */
    void consuming() {
        if (change(State.CONSUMING, null)) {
            log.info("Articles are imported from the queue {}", queue);
        }
    }

    /** Returns whether messages were consumed or could be, and nothing has failed since. */
    boolean isConsuming() {
        return present.get().state() == State.CONSUMING;
    }

    /** Records that another instance consumes the queue. */
    void standby() {
        change(State.STANDBY, null);
    }

    /** Records that messages cannot be consumed or imported now. */
    void failed(Throwable error) {
        var text = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        if (change(State.FAILING, text)) {
            log.warn("Importing articles from the queue {} failed, and is tried again: {}", queue, text);
        }
        log.debug("The queue {} failed", queue, error);
    }

    private boolean change(State state, @Nullable String error) {
        var before = present.getAndUpdate(
                was -> new Present(state, was.state() == state ? was.since() : Instant.now(), error));
        return before.state() != state;
    }

    /** Counts imported messages. */
    void count(ImportLine.Counts counts) {
        count("created", counts.created());
        count("updated", counts.updated());
        count("unchanged", counts.unchanged());
        count("rejected", counts.rejected());
    }

    /** Counts messages with a result. */
    void count(String result, long messages) {
        registry.counter("freshet.queue.messages", "queue", queue, "result", result)
                .increment((double) messages);
    }

    /** Returns what operators see. */
    Map<String, Object> details() {
        var now = present.get();
        var details = new TreeMap<String, Object>();
        details.put("state", now.state().name().toLowerCase(Locale.ROOT));
        details.put("since", now.since());
        if (now.error() != null) {
            details.put("error", now.error());
        }
        return details;
    }
}
