package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.read.page.PageLookup.Place;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Responds to parsed requests for pages, including conditional ones (RFC 9110, section 13; RFC 9111). */
final class PageResponder {

    private final CachedPages pages;
    private final PageHeaders headers;
    private final FeedDeltas deltas;

    PageResponder(CachedPages pages, PageHeaders headers, FeedDeltas deltas) {
        this.pages = pages;
        this.headers = headers;
        this.deltas = deltas;
    }

    /** Returns the response to any request. */
    Mono<PageResponse> respond(PageRequest pageRequest, HttpHeaders request) {
        if (pageRequest.query().feed().isPersonal()
                || (pageRequest.query() instanceof PageQuery query && query.isSecret())) {
            return pages.personal(pageRequest.query()).map(page -> personal(pageRequest.query(), page));
        }
        var ready = ready(pageRequest, request);
        return ready == null ? find(pageRequest, request) : Mono.just(ready);
    }

    /** Returns the response to a request for a public page that needs no read; null where {@link #find} must read. */
    @Nullable
    PageResponse ready(PageRequest pageRequest, HttpHeaders request) {
        var unchanged = unchanged(pageRequest, new Preconditions(request));
        if (unchanged != null) {
            return unchanged;
        }
        if (base(pageRequest, request) != null) {
            return null;
        }
        var cached = pages.cached(pageRequest.query(), pageRequest.floor());
        return cached != null && isEncoded(cached, request) ? response(pageRequest.query(), cached, request) : null;
    }

    /** Returns the response to a request for a public page. May read the page. */
    Mono<PageResponse> find(PageRequest pageRequest, HttpHeaders request) {
        var base = base(pageRequest, request);
        return base != null && pageRequest.query() instanceof PageQuery query
                ? deltas.read(query, base)
                        .map(delta -> delta(query, delta, request))
                        .switchIfEmpty(Mono.defer(() -> whole(pageRequest, request)))
                : whole(pageRequest, request);
    }

    private @Nullable Cursor base(PageRequest pageRequest, HttpHeaders request) {
        return FeedDeltas.base(pageRequest.query(), headers.renderer(pageRequest.query()), request);
    }

    /** Returns a response that caches must not store, since they would take it for the whole page. */
    private PageResponse delta(PageQuery query, RenderedPage delta, HttpHeaders request) {
        var compressed = ContentCoding.acceptsGzip(request);
        var all = headers.delta(new PageTag(delta.readAt(), headers.renderer(query), compressed));
        headers.describe(all, query, delta, compressed);
        return new PageResponse(226, all, delta, compressed);
    }

    private Mono<PageResponse> whole(PageRequest pageRequest, HttpHeaders request) {
        var cached = pages.cached(pageRequest.query(), pageRequest.floor());
        return (cached == null ? pages.find(pageRequest.query(), pageRequest.floor()) : Mono.just(cached))
                .flatMap(found -> encoded(found, request))
                .map(found -> response(pageRequest.query(), found, request));
    }

    private static Mono<PageLookup> encoded(PageLookup found, HttpHeaders request) {
        return isEncoded(found, request)
                ? Mono.just(found)
                : Mono.fromSupplier(found.page()::compress)
                        .subscribeOn(Schedulers.parallel())
                        .thenReturn(found);
    }

    private static boolean isEncoded(PageLookup found, HttpHeaders request) {
        return found.page().isCompressed() || !ContentCoding.acceptsGzip(request);
    }

    private PageResponse personal(Query query, RenderedPage page) {
        var all = headers.personal();
        headers.describe(all, query, page, false);
        return new PageResponse(200, all, page, false);
    }

    /** Returns 304 where the client names a page that it has and no event has matched its feed since; else null. */
    private @Nullable PageResponse unchanged(PageRequest pageRequest, Preconditions conditions) {
        var condition = conditions.ifNoneMatch();
        if (condition == null) {
            return null;
        }
        var query = pageRequest.query();
        var page = pages.lastRead(query);
        var stored = page == null ? null : page.unchanged(condition);
        var isPageCurrent = page != null && pages.isCurrent(query, page, pageRequest.floor());
        if (stored != null && isPageCurrent) {
            return stored;
        }
        var renderer = headers.renderer(query);
        for (var text : conditions.tags()) {
            var tag = PageTag.parse(text);
            if (tag == null || !tag.renderer().equals(renderer)) {
                continue;
            }
            var ofPage = page != null && page.readAt().equals(tag.readAt()) ? page : null;
            if (ofPage != null ? isPageCurrent : pages.isCurrent(query, tag.readAt(), pageRequest.floor())) {
                var response = new PageResponse(304, headers.shared(query, tag), null, tag.compressed());
                if (ofPage != null) {
                    ofPage.store(response);
                }
                return response;
            }
        }
        return null;
    }

    private PageResponse response(Query query, PageLookup found, HttpHeaders request) {
        var page = found.page();
        var compressed = ContentCoding.acceptsGzip(request);
        var conditions = new Preconditions(request);
        var stored = found.place() == Place.NEAR && conditions.isEmpty() ? page.stored(compressed) : null;
        if (stored != null) {
            return stored;
        }
        var tag = new PageTag(page.readAt(), headers.renderer(query), compressed);
        var all = headers.shared(query, tag);
        all.set("Cache-Status", found.place().status());
        if (found.age() != null) {
            all.set(HttpHeaders.AGE, Long.toString(found.age().toSeconds()));
        }
        var lastModified = PageHeaders.lastModified(page);
        if (lastModified != null) {
            all.set(HttpHeaders.LAST_MODIFIED, lastModified);
        }
        if (conditions.isUnmodified(tag, lastModified)) {
            return new PageResponse(304, all, null, compressed);
        }
        headers.describe(all, query, page, compressed);
        var response = new PageResponse(200, all, page, compressed);
        if (found.place() == Place.NEAR && lastModified != null) {
            page.store(response);
        }
        return response;
    }
}
