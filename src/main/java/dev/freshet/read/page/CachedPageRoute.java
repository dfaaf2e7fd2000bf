package dev.freshet.read.page;

import dev.freshet.limit.EdgeRules;
import dev.freshet.platform.http.SecurityHeaders;
import dev.freshet.platform.problem.ProblemHandler;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
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
    private final ProblemHandler problems;
    private final PageTimers timers;

    CachedPageRoute(
            PublicPageRequests requests,
            PageResponder pages,
            EdgeRules rules,
            ProblemHandler problems,
            PageTimers timers) {
        this.requests = requests;
        this.pages = pages;
        this.rules = rules;
        this.problems = problems;
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
        var representation = page.query().representation();
        var refusal = rules.countRead(request.remoteAddress(), response::addHeader);
        if (refusal != null) {
            return fail(refusal, request, response)
                    .doOnSuccess(written -> timers.record(startNanos, representation, response, refusal));
        }
        var headers = new HttpHeaders(new Netty4HeadersAdapter(request.requestHeaders()));
        var ready = pages.ready(page, headers);
        if (ready != null) {
            return write(ready, request, response)
                    .doOnSuccess(written -> timers.record(startNanos, representation, ready));
        }
        return pages.find(page, headers)
                .map(answer -> write(answer, request, response)
                        .doOnSuccess(written -> timers.record(startNanos, representation, answer)))
                // Covers the search for a page alone: once a response is being written, no problem can follow.
                .onErrorResume(failure -> Mono.just(fail(failure, request, response)
                        .doOnSuccess(written -> timers.record(startNanos, representation, response, failure))))
                .flatMap(written -> written);
    }

    private Mono<Void> write(PageResponse answer, HttpServerRequest request, HttpServerResponse response) {
        response.status(answer.status());
        // Added as a whole, which copies them unchecked: single additions are validated character by character.
        response.responseHeaders()
                .add(rules.securityHeaders().nettyHeaders(SecurityHeaders.isOverTls(request.scheme())))
                .add(answer.headers());
        var body = answer.body();
        return body == null ? response.send() : response.sendObject(body).then();
    }

    private Mono<Void> fail(Throwable failure, HttpServerRequest request, HttpServerResponse response) {
        return new ReactorHttpHandlerAdapter((springRequest, springResponse) -> {
                    rules.securityHeaders().addMissing(springResponse, SecurityHeaders.isOverTls(request.scheme()));
                    return problems.handle(springRequest, springResponse, failure);
                })
                .apply(request, response);
    }
}
