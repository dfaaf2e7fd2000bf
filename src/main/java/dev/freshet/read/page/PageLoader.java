package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import dev.freshet.read.page.PageLookup.Place;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Loads pages that are not in memory: from Redis, else from the store. Concurrent requests for a page share one load.
 * Loaded pages are put into memory.
 */
final class PageLoader {

    /** Maximum time of reading a page, with the wait for a connection. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

    private static final int MAX_JOINED_LOADS = 2;

    private final Function<Query, Mono<RenderedPage>> store;
    private final @Nullable SharedPages shared;
    private final LocalPages local;
    private final PageValidity validity;
    private final PageMeters meters;
    private final Map<Query, Load> loads = new ConcurrentHashMap<>();

    /**
     * Creates a loader.
     *
     * @param store reads and renders a page
     * @param shared null without Redis
     * @param local the memory of this instance
     */
    PageLoader(
            Function<Query, Mono<RenderedPage>> store,
            @Nullable SharedPages shared,
            LocalPages local,
            PageValidity validity,
            PageMeters meters) {
        this.store = store;
        this.shared = shared;
        this.local = local;
        this.validity = validity;
        this.meters = meters;
    }

    /**
     * Loads a page that may be shared by all clients.
     *
     * @param floor a position that the page must not precede; null for none
     */
    Mono<PageLookup> load(Query query, @Nullable Cursor floor) {
        return join(query, floor, 0);
    }

    /** Reads a page from the store, for one client alone. */
    Mono<PageLookup> loadPersonal(Query query) {
        return limited(readStore(query));
    }

    /** One load for all concurrent requests. It continues when they are cancelled. */
    private final class Load {

        final Mono<PageLookup> result;

        Load(Query query, @Nullable Cursor floor) {
            // A connection may hang, and later requests join this load.
            result = limited(search(query, floor))
                    .doOnTerminate(() -> loads.remove(query, this))
                    .cache();
        }
    }

    private Mono<PageLookup> join(Query query, @Nullable Cursor floor, int joined) {
        if (joined == MAX_JOINED_LOADS) {
            return read(query);
        }
        var own = new Load(query, floor);
        var other = loads.putIfAbsent(query, own);
        // A load that began before this request may lack an event that its reader has seen.
        var begunSince = other == null || joined > 0;
        return (other == null ? own : other).result.flatMap(found -> {
            var page = found.page();
            return (begunSince && validity.reachesFloor(page.readAt(), floor))
                            || validity.isUnchanged(query, page, floor)
                    ? Mono.just(found)
                    : join(query, floor, joined + 1);
        });
    }

    private Mono<PageLookup> search(Query query, @Nullable Cursor floor) {
        // Older pages have few readers: a request to Redis would cost more than it saves.
        if (shared == null || !query.isFirst()) {
            return read(query);
        }
        return valid(shared.get(query).flux(), query, floor)
                .switchIfEmpty(Mono.defer(() -> shared.claim(query)
                        // Another instance may have stored it and released its claim just before: look again.
                        .flatMap(claimed ->
                                valid(claimed ? shared.get(query).flux() : shared.await(query), query, floor))
                        .switchIfEmpty(Mono.defer(
                                () -> read(query).delayUntil(found -> shared.put(query, found.page()))))));
    }

    private Mono<PageLookup> valid(Flux<RenderedPage> pages, Query query, @Nullable Cursor floor) {
        return pages.filter(page -> validity.isUnchanged(query, page, floor))
                .next()
                .map(page -> new PageLookup(page, Place.REDIS))
                .doOnNext(found -> local.put(query, found.page()));
    }

    private Mono<PageLookup> read(Query query) {
        return readStore(query).doOnNext(found -> local.put(query, found.page()));
    }

    private Mono<PageLookup> readStore(Query query) {
        return store.apply(query)
                .doOnSubscribe(subscription -> meters.read())
                .map(page -> new PageLookup(page, Place.NONE));
    }

    /** Limits the time of a read. */
    static <T> Mono<T> limited(Mono<T> load) {
        return load.timeout(READ_TIMEOUT)
                .onErrorMap(
                        TimeoutException.class,
                        late -> Problem.UNAVAILABLE.because("The data store does not respond. Retry later."));
    }
}
