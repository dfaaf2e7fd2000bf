package dev.freshet.log.tail;

import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.trace.Tracing;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Copies the end of the feed log to Redis. It needs no leader: several may race, since Redis accepts each entry once
 * and in order. A failure only costs speed; the next call of any instance copies the missing entries.
 */
final class Relay {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final int BATCH = 64;

    private final FeedLog feedLog;
    private final RedisStream stream;
    private final int copies;
    private final Tracing tracing;
    private final AtomicLong position = new AtomicLong();

    Relay(FeedLog feedLog, RedisStream stream, int copies, Tracing tracing) {
        this.feedLog = feedLog;
        this.stream = stream;
        this.copies = copies;
        this.tracing = tracing;
    }

    /** Returns the highest seq known to be in Redis, 0 before the first check. */
    long position() {
        return position.get();
    }

    /** Copies entries that were just read, and missing ones before them. Never fails. */
    Mono<Void> copy(long epoch, List<LogEntry> entries) {
        var last = entries.getLast().seq();
        return add(epoch, entries)
                .flatMap(top -> top >= last ? Mono.empty() : catchUp(epoch, top, last))
                .onErrorResume(this::later);
    }

    /**
     * Copies all entries that Redis lacks up to a position. Never fails.
     *
     * @return the seq of Redis's last copy before this call, 0 if it had none; empty while Redis is unavailable
     */
    Mono<Long> copyUpTo(long epoch, long last) {
        return stream.top(epoch)
                .doOnNext(position::set)
                .flatMap(top ->
                        top >= last ? Mono.just(top) : catchUp(epoch, top, last).thenReturn(top))
                .onErrorResume(failure -> later(failure).then(Mono.empty()));
    }

    private Mono<Void> catchUp(long epoch, long top, long last) {
        var start = last - copies;
        if (top >= start) {
            return step(epoch, top, last);
        }
        // Redis is empty or too far behind to be filled: start again with the most recent entries.
        return stream.clear(epoch).then(step(epoch, Math.max(start, 0), last));
    }

    private Mono<Void> step(long epoch, long top, long last) {
        return feedLog.read(top, BATCH)
                .collectList()
                .flatMap(entries -> entries.isEmpty() ? Mono.just(last) : add(epoch, entries))
                .expand(reached -> reached >= last || reached <= top
                        ? Mono.empty()
                        : feedLog.read(reached, BATCH)
                                .collectList()
                                .flatMap(entries -> entries.isEmpty() ? Mono.empty() : add(epoch, entries)))
                .then();
    }

    private Mono<Long> add(long epoch, List<LogEntry> entries) {
        return tracing.span("relay", entries, LogEntry::traceparent, stream.add(epoch, entries))
                .doOnNext(position::set);
    }

    private Mono<Void> later(Throwable failure) {
        log.debug("Redis takes no copies now", failure);
        return Mono.empty();
    }
}
