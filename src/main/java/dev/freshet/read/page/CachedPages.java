package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.read.page.PageLookup.Place;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A cache of rendered pages that is exact: a page read at a position is valid until a later event may change it. A
 * page is looked up in this instance's memory, then in Redis, then read from the store.
 *
 * <p>While the store is unavailable, an outdated page is served and marked as such.
 */
final class CachedPages {

    private static final Logger log = LoggerFactory.getLogger(CachedPages.class);

    private final LocalPages local;
    private final PageLoader loader;
    private final PageValidity validity;
    private final PageMeters meters;

    CachedPages(LocalPages local, PageLoader loader, PageValidity validity, PageMeters meters) {
        this.local = local;
        this.loader = loader;
        this.validity = validity;
        this.meters = meters;
    }

    /**
     * Returns a cached valid page; null where it has to be read.
     *
     * @param floor a position that the page must not precede; null for none
     */
    @Nullable
    PageLookup cached(Query query, @Nullable Cursor floor) {
        var started = meters.start();
        var page = local.get(query);
        if (page == null || !isCurrent(query, page, floor)) {
            return null;
        }
        meters.found(started, Place.NEAR);
        return new PageLookup(page, Place.NEAR);
    }

    /** Returns the page that was read last, valid or not; null for none. */
    @Nullable
    RenderedPage lastRead(Query query) {
        return local.get(query);
    }

    /** Returns whether a cached page is still valid, by its publication times. */
    boolean isCurrent(Query query, RenderedPage page, @Nullable Cursor floor) {
        return validity.isCurrent(query, page, floor);
    }

    /**
     * Returns whether a page read at a position is still valid. Returns false where this instance has not checked the
     * feed log for a while.
     */
    boolean isCurrent(Query query, Cursor readAt, @Nullable Cursor floor) {
        return validity.isCurrent(query, readAt, floor);
    }

    /**
     * Finds a page that is not cached in memory.
     *
     * @param floor a position that the page must not precede; null for none. With a floor no outdated page is returned
     */
    Mono<PageLookup> find(Query query, @Nullable Cursor floor) {
        return Mono.defer(() -> {
            var started = meters.start();
            var old = floor == null ? local.get(query) : null;
            return (old == null ? loader.load(query, floor) : renew(query, old))
                    .doOnNext(found -> meters.found(started, found.place()));
        });
    }

    /** Reads a page for one account, which is never cached. */
    Mono<RenderedPage> personal(Query query) {
        return Mono.defer(() -> {
            var started = meters.start();
            return loader.loadPersonal(query)
                    .doOnNext(found -> meters.found(started, found.place()))
                    .map(PageLookup::page);
        });
    }

    /** Loads a page again. A store that is merely busy is waited for, since its readers may have seen later events. */
    private Mono<PageLookup> renew(Query query, RenderedPage old) {
        // The tail cannot read the store either, so waiting is pointless.
        return validity.isUnknown()
                ? Mono.just(outdated(old))
                : loader.load(query, null).timeout(PageValidity.MAX_SILENCE).onErrorResume(failure -> {
                    log.debug("{} is outdated and cannot be read", query.address(), failure);
                    return Mono.just(outdated(old));
                });
    }

    private PageLookup outdated(RenderedPage old) {
        return new PageLookup(old, Place.OUTDATED, validity.silence());
    }
}
