package dev.freshet.read.web;

import dev.freshet.content.article.Article;
import dev.freshet.feed.SurrogateKeys;
import dev.freshet.platform.Build;
import dev.freshet.platform.http.CdnSettings;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.http.SecurityHeaders;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.read.page.PageHandler;
import dev.freshet.read.page.PageRenderer;
import dev.freshet.read.web.ReadableArticles.PositionedArticle;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
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
import reactor.core.scheduler.Scheduler;

/** Serves the reader's pages and their assets. */
@Configuration(proxyBeanMethods = false)
class PageRoutes {

    static final MediaType HTML = Representation.HTML.mediaType();

    @Bean
    Templates templates() throws IOException {
        return Templates.load();
    }

    @Bean
    Assets assets() throws IOException {
        return Assets.load();
    }

    @Bean
    PageRenderer htmlPages(Templates templates, Assets assets) {
        return new HtmlPages(templates, assets.path());
    }

    @Bean
    ReadableArticles readableArticles(DatabaseClient client, @Qualifier("rendering") Scheduler rendering) {
        return new ReadableArticles(client, rendering);
    }

    @Bean
    RouterFunction<ServerResponse> readerPages(
            Templates templates,
            Assets assets,
            PageHandler feeds,
            ReadableArticles articles,
            CdnSettings delivery,
            Build build) {
        var pages = new Pages(templates, assets.path(), build.id(), articles, delivery);
        return RouterFunctions.route()
                .add(route("/", feeds::respondAsHtml))
                .add(route("/articles/{id}", request -> pages.article(request, "")))
                .add(route("/articles/{id}/{slug}", request -> pages.article(request, request.pathVariable("slug"))))
                .onError(ProblemException.class, pages::problem)
                .add(route(Assets.PATTERN, assets::serve))
                .build();
    }

    private static RouterFunction<ServerResponse> route(String pattern, HandlerFunction<ServerResponse> handler) {
        // Deferred, so that onError receives exceptions of the handler as well.
        return RouterFunctions.route(readable(pattern), request -> Mono.defer(() -> handler.handle(request)));
    }

    private static RequestPredicate readable(String pattern) {
        return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(pattern));
    }

    private record Pages(
            Templates templates, String assets, String build, ReadableArticles articles, CdnSettings delivery) {

        Mono<ServerResponse> article(ServerRequest request, String slug) {
            return articles.read(id(request)).flatMap(found -> {
                var article = found.article();
                if (!slug.equals(article.content().slug())) {
                    // A slug may change back, so browsers must not cache the redirect.
                    return ServerResponse.permanentRedirect(URI.create(article.readerPath()))
                            .cacheControl(CacheControl.noCache())
                            .build();
                }
                var headers = new HashMap<>(delivery.headers(SurrogateKeys.ofArticle(article.id())));
                headers.put(HttpHeaders.ETAG, tag(article));
                var body = articles.body(found);
                // A 304 response also replaces the policy of the cached page.
                return found.hasEmbeds()
                        ? body.flatMap(rendered -> {
                            headers.put(SecurityHeaders.POLICY, SecurityHeaders.policy(rendered.frames()));
                            return article(request, found, Mono.just(rendered), headers);
                        })
                        : article(request, found, body, headers);
            });
        }

        private Mono<ServerResponse> article(
                ServerRequest request,
                PositionedArticle found,
                Mono<ArticleBody> rendered,
                Map<String, String> headers) {
            var article = found.article();
            return request.checkNotModified(tag(article))
                    .flatMap(unchanged -> ServerResponse.from(unchanged)
                            .cacheControl(CacheControl.noCache())
                            .headers(all -> headers.forEach(all::set))
                            .build())
                    .switchIfEmpty(rendered.flatMap(body ->
                            html(200, "article", ArticleView.of(assets, article, body, found.cursor()), headers)));
        }

        /** A weak tag: the page also contains the position of the read, and an earlier position is equivalent. */
        private String tag(Article article) {
            return "W/\"" + article.version() + "-" + build + "\"";
        }

        Mono<ServerResponse> problem(ProblemException e, ServerRequest request) {
            if (e.problem() == Problem.UNAUTHORIZED) {
                var uri = request.uri();
                var here = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
                return ServerResponse.seeOther(URI.create(AccountRoutes.signInAndThen(here)))
                        .cacheControl(CacheControl.noStore())
                        .build();
            }
            return html(
                    e.problem().status().value(),
                    "problem",
                    ProblemView.of(assets, e),
                    e.getHeaders().toSingleValueMap());
        }

        private Mono<ServerResponse> html(int status, String template, Record view, Map<String, String> headers) {
            return RenderedBody.write(
                    ServerResponse.status(HttpStatusCode.valueOf(status))
                            .contentType(HTML)
                            .cacheControl(CacheControl.noCache())
                            .headers(all -> headers.forEach(all::set)),
                    templates.render(template, view));
        }

        private static UUID id(ServerRequest request) {
            try {
                return UUID.fromString(request.pathVariable("id"));
            } catch (IllegalArgumentException e) {
                throw Problem.ARTICLE_NOT_FOUND.because("No article has this address.");
            }
        }
    }
}
