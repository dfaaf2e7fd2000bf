package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Reads the Redis Stream as it grows. While Redis is unavailable it emits nothing and retries. */
final class RedisTail implements Tail {

    private static final Logger log = LoggerFactory.getLogger(RedisTail.class);

    private final RedisStream stream;
    private volatile boolean connected;

    RedisTail(RedisStream stream) {
        this.stream = stream;
    }

    @Override
    public Flux<TailSignal> listen(Supplier<Cursor> position) {
        var last = new AtomicLong();
        return stream.read(() -> {
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
                .<TailSignal>map(entries -> new TailSignal.Copies(entries, false))
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
}
