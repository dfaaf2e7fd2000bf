package dev.freshet.read.page;

import dev.freshet.limit.EdgeRules;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.http.RequestTimers;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The fast path for public pages: responds at the web server, before Spring's request, the filters and the dispatcher,
 * which take several times as long as a cached page. Response and metrics equal those of the slow path. All other requests
 * take the slow path: with a credential, another method, a rule of the filter chain alone, or an error.
 */
final class CachedPageRoute implements NettyRouteProvider {

    private final PublicPageRequests requests;
    private final PageResponder pages;
    private final EdgeRules rules;
    private final RequestTimers timers;

    CachedPageRoute(PublicPageRequests requests, PageResponder pages, EdgeRules rules, RequestTimers timers) {
        this.requests = requests;
        this.pages = pages;
        this.rules = rules;
        this.timers = timers;
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes routes) {
        return routes.route(request -> requests.parse(request) != null, this::handle);
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        var startNanos = System.nanoTime();
        var page = requests.parse(request);
        if (page == null) {
            throw new IllegalStateException("Not a request for a page");
        }
        var refusal = rules.countRead(request.remoteAddress(), response::addHeader);
        if (refusal != null) {
            return rules.fail(refusal, request, response)
                    .doOnSuccess(written -> timers.record(
                            startNanos, path(page), response.status().code(), refusal));
        }
        var headers = new HttpHeaders(new Netty4HeadersAdapter(request.requestHeaders()));
        var ready = pages.ready(page, headers);
        if (ready != null) {
            return write(ready, request, response)
                    .doOnSuccess(written -> timers.record(startNanos, path(page), ready.status(), null));
        }
        return pages.find(page, headers)
                .map(answer -> write(answer, request, response)
                        .doOnSuccess(written -> timers.record(startNanos, path(page), answer.status(), null)))
                // Covers the search for a page alone: once a response is being written, no problem can follow.
                .onErrorResume(failure -> Mono.just(rules.fail(failure, request, response)
                        .doOnSuccess(written -> timers.record(
                                startNanos, path(page), response.status().code(), failure))))
                .flatMap(written -> written);
    }

    private static String path(PageRequest page) {
        return page.query().representation() == Representation.HTML ? "/" : PageQuery.PATH;
    }

    private Mono<Void> write(PageResponse answer, HttpServerRequest request, HttpServerResponse response) {
        rules.begin(request, response, answer.status(), answer.headers());
        var body = answer.body();
        return body == null ? response.send() : response.sendObject(body).then();
    }
}
