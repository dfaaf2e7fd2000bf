package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.store.RedisCircuit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.ReactiveRedisOperations;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Rendered pages in Redis, shared by all instances. No method fails: a Redis that is slow, full, read-only, unavailable
 * or corrupt has no page, and after several such results it is skipped for a while.
 */
final class SharedPages {

    private static final Logger log = LoggerFactory.getLogger(SharedPages.class);

    private static final String PREFIX = "freshet:page:";
    private static final String CLAIM_PREFIX = "freshet:page-claim:";
    private static final byte[] EMPTY_VALUE = {};

    /** Time for which one instance may read a page while others wait. */
    private static final Duration CLAIM_TTL = Duration.ofSeconds(1);

    /** Interval and number of the others' checks. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

    private static final int MAX_POLLS = 50;

    /** Longer pages, before compression, are not shared. */
    private static final int MAX_PAGE_BYTES = 4 * 1024 * 1024;

    private static final int MAX_HEADER_BYTES = 10_000;

    private final ReactiveRedisOperations<String, byte[]> redis;
    private final PageSettings settings;
    private final String version;
    // Two circuits, since Redis may be readable but not writable.
    private final RedisCircuit reads;
    private final RedisCircuit writes;

    /** @param version identifies the renderer: instances of another build have other pages */
    SharedPages(ReactiveRedisOperations<String, byte[]> redis, PageSettings settings, String version) {
        this.redis = redis;
        this.settings = settings;
        this.version = version;
        this.reads = new RedisCircuit("reading pages from Redis", settings.redisTimeout());
        this.writes = new RedisCircuit("writing pages to Redis", settings.redisTimeout());
    }

    /** Returns the page in Redis, whatever its age; empty where none is readable. */
    Mono<RenderedPage> get(Query query) {
        return redis.opsForValue()
                .get(key(query))
                .transform(reads::protect)
                // Decompression takes time that grows with the page.
                .publishOn(Schedulers.parallel())
                .<RenderedPage>handle((bytes, sink) -> {
                    try {
                        sink.next(decode(bytes));
                    } catch (IOException | RuntimeException e) {
                        log.debug("The page in Redis at {} is corrupt and is ignored", key(query), e);
                    }
                })
                .onErrorResume(failure -> Mono.empty());
    }

    /** Polls for a page that another instance is about to store, for a moment. */
    Flux<RenderedPage> await(Query query) {
        // Not Flux.interval, whose cancellation takes a lock of the timer, on which an event loop could park.
        return Mono.delay(POLL_INTERVAL).then(get(query)).repeat(MAX_POLLS - 1);
    }

    /** Returns whether this instance should read a page from the store: always true while Redis is unavailable. */
    Mono<Boolean> claim(Query query) {
        return redis.opsForValue()
                .setIfAbsent(claimKey(query), EMPTY_VALUE, CLAIM_TTL)
                .transform(writes::protect)
                .onErrorReturn(true);
    }

    /** Stores a page for all instances unless it is too long, and releases the claim. */
    Mono<Void> put(Query query, RenderedPage page) {
        var stored = page.length(false) > MAX_PAGE_BYTES
                ? Mono.just(false)
                : redis.opsForValue().set(key(query), encode(page), settings.kept());
        return stored.then(redis.delete(claimKey(query)))
                .transform(writes::protect)
                .onErrorResume(failure -> Mono.empty())
                .then();
    }

    /**
     * Encodes a line of text, {@code <cursor> <milliseconds> <first publication> <last publication> <address of the next page
     * or ->}, and the compressed page, which has a checksum.
     */
    private static byte[] encode(RenderedPage page) {
        var next = page.next();
        var period = page.period();
        var header = page.readAt() + " " + page.changedAt().toEpochMilli() + " " + period.from() + " " + period.to()
                + " " + (next == null ? "-" : next) + "\n";
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(page.compressed());
        return bytes.toByteArray();
    }

    private static RenderedPage decode(byte[] bytes) throws IOException {
        var end = 0;
        while (end < Math.min(bytes.length, MAX_HEADER_BYTES) && bytes[end] != '\n') {
            end++;
        }
        var header = new String(bytes, 0, end, StandardCharsets.US_ASCII).split(" ", -1);
        var readAt = header.length == 5 ? Cursor.parse(header[0]) : null;
        if (readAt == null) {
            throw new IOException("The first line is malformed");
        }
        var next = header[4].equals("-") ? null : header[4];
        var changedAt = Instant.ofEpochMilli(Long.parseLong(header[1]));
        var period = new PublicationPeriod(Instant.parse(header[2]), Instant.parse(header[3]));
        return RenderedPage.restore(
                readAt, changedAt, period, next, Arrays.copyOfRange(bytes, end + 1, bytes.length), MAX_PAGE_BYTES);
    }

    private String key(Query query) {
        return PREFIX + name(query);
    }

    private String claimKey(Query query) {
        return CLAIM_PREFIX + name(query);
    }

    private String name(Query query) {
        return version + ":" + query.origin() + query.address();
    }
}
