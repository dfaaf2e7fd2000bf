package dev.freshet.log.tail;

import dev.freshet.log.feedlog.LogEntry;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Entries that wait to be copied to Redis. Entries that arrive while a copy is in progress become one batch. If they are too
 * many or don't continue each other, only the last ones wait: their copy, or the next sweep, includes the missing entries.
 */
final class RelayQueue {

    private static final int MAX_ENTRIES = 256;

    private final AtomicReference<List<LogEntry>> waiting = new AtomicReference<>(List.of());
    private final Sinks.Many<Boolean> added = Sinks.many().multicast().directBestEffort();

    /** Adds consecutive entries; may be empty. Called by one thread at a time. */
    void add(List<LogEntry> entries) {
        if (!entries.isEmpty()) {
            waiting.accumulateAndGet(List.copyOf(entries), RelayQueue::join);
            added.tryEmitNext(true);
        }
    }

    private static List<LogEntry> join(List<LogEntry> earlier, List<LogEntry> later) {
        return earlier.isEmpty()
                        || earlier.size() + later.size() > MAX_ENTRIES
                        || earlier.getLast().seq() + 1 != later.getFirst().seq()
                ? later
                : Stream.concat(earlier.stream(), later.stream()).toList();
    }

    /** Returns the batches as they are requested, without end. For one subscriber. */
    Flux<List<LogEntry>> batches() {
        return added.asFlux()
                .onBackpressureLatest()
                .map(signal -> waiting.getAndSet(List.of()))
                .filter(entries -> !entries.isEmpty());
    }
}
