package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Reads the Redis Stream when copies are requested, so that own commits cause no read. While Redis is unavailable it emits
 * nothing and retries.
 */
final class RedisTail implements Tail {

    private static final Logger log = LoggerFactory.getLogger(RedisTail.class);

    private static final Duration MIN_WAIT = Duration.ofMillis(1);

    private final RedisStream stream;
    private final Duration wait;
    private final Sinks.Many<Boolean> requests = Sinks.many().multicast().directBestEffort();
    private volatile boolean connected;

    /** @param wait the maximum time of a read without copies */
    RedisTail(RedisStream stream, Duration wait) {
        this.stream = stream;
        this.wait = wait.compareTo(MIN_WAIT) < 0 ? MIN_WAIT : wait;
    }

    @Override
    public Flux<TailSignal> listen(Supplier<Cursor> position) {
        var last = new AtomicLong();
        // The first read is not requested: it shows whether Redis is available.
        var reads = requests.asFlux().startWith(true).onBackpressureLatest();
        return stream.read(reads, wait, () -> {
                    var needed = position.get();
                    return new Cursor(needed.epoch(), Math.max(needed.seq(), last.get()));
                })
                .doOnNext(entries -> {
                    if (!connected) {
                        connected = true;
                        log.info("Following the Redis copy of the feed log");
                    }
                    if (!entries.isEmpty()) {
                        last.set(entries.getLast().seq());
                    }
                })
                .filter(entries -> !entries.isEmpty())
                .<TailSignal>map(entries -> new TailSignal.Copies(entries, TailSignal.Source.REDIS))
                .doOnError(e -> {
                    if (connected) {
                        connected = false;
                        log.warn("Redis is unavailable, following only PostgreSQL: {}", e.toString());
                    }
                })
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
                        .maxBackoff(Duration.ofSeconds(1))
                        .transientErrors(true))
                .doFinally(signal -> connected = false);
    }

    @Override
    public boolean bringsCopies() {
        return connected;
    }

    @Override
    public void requestCopies() {
        requests.tryEmitNext(true);
    }
}
