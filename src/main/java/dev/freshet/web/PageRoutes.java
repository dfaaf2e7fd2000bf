package dev.freshet.web;

import dev.freshet.feed.FeedPages;
import dev.freshet.feed.FeedRequest;
import dev.freshet.problem.Problem;
import dev.freshet.problem.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves the reader's pages and their assets. */
@Configuration(proxyBeanMethods = false)
class PageRoutes {

    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");
    private static final int ITEMS = 20;

    @Bean
    RouterFunction<ServerResponse> readerPages(FeedPages feedPages, DatabaseClient client) throws IOException {
        var assets = Assets.load();
        var pages = new Pages(Templates.load(), assets.path(), feedPages, new ReadableArticles(client));
        return RouterFunctions.route()
                .add(route("/", pages::feed))
                .add(route("/articles/{id}", request -> pages.article(request, "")))
                .add(route("/articles/{id}/{slug}", request -> pages.article(request, request.pathVariable("slug"))))
                .onError(ProblemException.class, (e, request) -> pages.problem(e))
                .add(route(Assets.PATTERN, assets::serve))
                .build();
    }

    private static RouterFunction<ServerResponse> route(String pattern, HandlerFunction<ServerResponse> handler) {
        // Deferred, so that onError hears of what a handler throws as well.
        return RouterFunctions.route(readable(pattern), request -> Mono.defer(() -> handler.handle(request)));
    }

    private static RequestPredicate readable(String pattern) {
        return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(pattern));
    }

    private record Pages(Templates templates, String assets, FeedPages feeds, ReadableArticles articles) {

        Mono<ServerResponse> feed(ServerRequest request) {
            var feed = FeedRequest.feed(request);
            var before = FeedRequest.before(request);
            return feeds.read(feed, before, ITEMS, false)
                    .map(page -> FeedView.of(assets, feed, before == null, page))
                    .flatMap(view -> html(200, "feed", view));
        }

        Mono<ServerResponse> article(ServerRequest request, String slug) {
            return articles.read(id(request)).flatMap(found -> {
                var article = found.article();
                return slug.equals(article.slug())
                        ? html(200, "article", ArticleView.of(assets, article, found.cursor()))
                        // A slug may change back, so no browser is to keep where it led once.
                        : ServerResponse.permanentRedirect(URI.create(Links.article(article)))
                                .cacheControl(CacheControl.noCache())
                                .build();
            });
        }

        Mono<ServerResponse> problem(ProblemException e) {
            return html(e.problem().status().value(), "problem", ProblemView.of(assets, e));
        }

        private Mono<ServerResponse> html(int status, String template, Record view) {
            return ServerResponse.status(HttpStatusCode.valueOf(status))
                    .contentType(HTML)
                    .cacheControl(CacheControl.noCache())
                    .bodyValue(templates.render(template, view));
        }

        private static UUID id(ServerRequest request) {
            try {
                return UUID.fromString(request.pathVariable("id"));
            } catch (IllegalArgumentException e) {
                throw Problem.ARTICLE_NOT_FOUND.because("There is no article at this address.");
            }
        }
    }
}
