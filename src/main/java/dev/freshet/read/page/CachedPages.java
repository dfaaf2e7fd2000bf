package dev.freshet.read.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import dev.freshet.read.page.PageLookup.Place;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A cache of rendered pages that is exact: a page read at a position is valid until a later event matches its feed,
 * which {@link LastChanges} knows. A page is looked up in this instance's memory, then in Redis, then read from the
 * store, by one read for all concurrent requests.
 *
 * <p>While the store is unavailable, an outdated page is served and marked as such.
 */
final class CachedPages {

    private static final Logger log = LoggerFactory.getLogger(CachedPages.class);

    /**
     * After this time without a check of the log, validity is unknown. A reader waits this long for a new page before
     * it gets an outdated one: a store that is merely busy must not show it less than it has seen.
     */
    private static final Duration MAX_SILENCE = Duration.ofSeconds(5);

    /** Maximum time of reading a page, with the wait for a connection. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

    private static final int MAX_JOINED_FLIGHTS = 2;

    private final Function<Query, Mono<RenderedPage>> store;
    private final @Nullable SharedPages shared;
    private final LastChanges changes;
    private final Supplier<Duration> silence;
    private final MeterRegistry meters;
    private final Map<Place, Timer> timers = new EnumMap<>(Place.class);
    private final Counter reads;
    private final Cache<Query, RenderedPage> near;
    private final Map<Query, Flight> flights = new ConcurrentHashMap<>();

    /**
     * Creates the cache.
     *
     * @param store reads and renders a page
     * @param shared null without Redis
     * @param silence time since the feed log was last checked
     */
    CachedPages(
            Function<Query, Mono<RenderedPage>> store,
            @Nullable SharedPages shared,
            LastChanges changes,
            Supplier<Duration> silence,
            PageSettings settings,
            MeterRegistry meters) {
        this.store = store;
        this.shared = shared;
        this.changes = changes;
        this.silence = silence;
        this.meters = meters;
        this.near = Caffeine.newBuilder()
                .maximumWeight(settings.memory().toBytes())
                .weigher((Query query, RenderedPage page) -> page.size())
                .build();
        for (var place : Place.values()) {
            timers.put(
                    place,
                    Timer.builder("freshet.page")
                            .description("Finding a page of a feed, by where it was found")
                            .tag("cache", place.toString())
                            .register(meters));
        }
        this.reads = Counter.builder("freshet.page.reads")
                .description("Pages read from PostgreSQL, each for all who asked for it meanwhile")
                .register(meters);
        Gauge.builder(
                        "freshet.page.memory",
                        near,
                        pages -> pages.policy().eviction().stream()
                                .mapToLong(eviction -> eviction.weightedSize().orElse(0))
                                .sum())
                .description("Finished pages that this instance holds")
                .baseUnit("bytes")
                .register(meters);
    }

    /**
     * Returns a cached valid page; null where it has to be read.
     *
     * @param floor a position that the page must not precede; null for none
     */
    @Nullable
    PageLookup cached(Query query, @Nullable Cursor floor) {
        var started = Timer.start(meters);
        var page = near.getIfPresent(query);
        if (page == null || !isCurrent(query, page.readAt(), floor)) {
            return null;
        }
        var found = new PageLookup(page, Place.NEAR);
        count(started, found);
        return found;
    }

    /** Returns the page that was read last, valid or not; null for none. */
    @Nullable
    RenderedPage known(Query query) {
        return near.getIfPresent(query);
    }

    /**
     * Returns whether a page read at a position is still valid. Returns false where this instance has not checked the
     * feed log for a while.
     */
    boolean isCurrent(Query query, Cursor readAt, @Nullable Cursor floor) {
        return changes.hold(query.feed(), readAt, floor) && !inDoubt();
    }

    /**
     * Finds a page that is not cached in memory.
     *
     * @param floor a position that the page must not precede; null for none. With a floor no outdated page is returned
     */
    Mono<PageLookup> find(Query query, @Nullable Cursor floor) {
        return Mono.defer(() -> {
            var started = Timer.start(meters);
            var old = floor == null ? near.getIfPresent(query) : null;
            return (old == null ? join(query, floor, 0) : renew(query, old)).doOnNext(each -> count(started, each));
        });
    }

    /** Reads a page for one account, which is never cached. */
    Mono<RenderedPage> personal(Query query) {
        return Mono.defer(() -> {
            var started = Timer.start(meters);
            return store.apply(query)
                    .doOnSubscribe(begun -> reads.increment())
                    .timeout(READ_TIMEOUT)
                    .onErrorMap(TimeoutException.class, late -> unavailable())
                    .doOnNext(page -> count(started, new PageLookup(page, Place.NONE)));
        });
    }

    private static RuntimeException unavailable() {
        return Problem.UNAVAILABLE.because("The data store does not respond. Retry later.");
    }

    private Mono<PageLookup> renew(Query query, RenderedPage old) {
        // The tail cannot read the store either, so waiting is pointless.
        return inDoubt()
                ? Mono.just(outdated(old))
                : join(query, null, 0).timeout(MAX_SILENCE).onErrorResume(failure -> {
                    log.debug("{} is outdated and can't be read", query.address(), failure);
                    return Mono.just(outdated(old));
                });
    }

    private PageLookup outdated(RenderedPage old) {
        return new PageLookup(old, Place.OUTDATED, silence.get());
    }

    private boolean inDoubt() {
        return silence.get().compareTo(MAX_SILENCE) >= 0;
    }

    private void count(Timer.Sample started, PageLookup found) {
        var timer = timers.get(found.place());
        if (timer != null) {
            started.stop(timer);
        }
    }

    /** One read of a page for all concurrent requests. It continues when they are cancelled. */
    private final class Flight {

        final Mono<PageLookup> landing;

        Flight(Query query, @Nullable Cursor floor) {
            landing = load(query, floor)
                    // A connection may hang, and later requests join this read.
                    .timeout(READ_TIMEOUT)
                    .onErrorMap(TimeoutException.class, late -> unavailable())
                    .doOnTerminate(() -> flights.remove(query, this))
                    .cache();
        }
    }

    private Mono<PageLookup> join(Query query, @Nullable Cursor floor, int joined) {
        if (joined == MAX_JOINED_FLIGHTS) {
            return read(query);
        }
        var own = new Flight(query, floor);
        var other = flights.putIfAbsent(query, own);
        // A read that another request began earlier may lack an event that this reader has seen.
        var begunSince = other == null || joined > 0;
        return (other == null ? own : other).landing.flatMap(found -> {
            var readAt = found.page().readAt();
            return (begunSince && changes.reach(readAt, floor)) || changes.hold(query.feed(), readAt, floor)
                    ? Mono.just(found)
                    : join(query, floor, joined + 1);
        });
    }

    private Mono<PageLookup> load(Query query, @Nullable Cursor floor) {
        // Older pages have few readers: a request to Redis would cost more than it saves.
        if (shared == null || !query.isFirst()) {
            return read(query);
        }
        return usable(shared.get(query).flux(), query, floor)
                .switchIfEmpty(Mono.defer(() -> shared.claim(query)
                        // Another instance may have stored it and released its claim just before: look again.
                        .flatMap(ours -> usable(ours ? shared.get(query).flux() : shared.await(query), query, floor))
                        .switchIfEmpty(Mono.defer(
                                () -> read(query).delayUntil(found -> shared.put(query, found.page()))))));
    }

    private Mono<PageLookup> usable(Flux<RenderedPage> pages, Query query, @Nullable Cursor floor) {
        return pages.filter(page -> changes.hold(query.feed(), page.readAt(), floor))
                .next()
                .map(page -> keep(query, new PageLookup(page, Place.REDIS)));
    }

    private Mono<PageLookup> read(Query query) {
        return store.apply(query)
                .doOnSubscribe(begun -> reads.increment())
                .map(page -> keep(query, new PageLookup(page, Place.NONE)));
    }

    private PageLookup keep(Query query, PageLookup found) {
        near.put(query, found.page());
        return found;
    }
}
