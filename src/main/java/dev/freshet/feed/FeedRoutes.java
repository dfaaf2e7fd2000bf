package dev.freshet.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.article.Article;
import dev.freshet.feedlog.Cursor;
import dev.freshet.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.RouterOperation;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves feeds as pages. */
@Configuration(proxyBeanMethods = false)
class FeedRoutes {

    /** Where feeds are, in every representation. */
    static final String PATH = "/api/v1/articles";

    private static final String EVENT_EXAMPLE = "{\"cursor\":\"9f3a01c2-386\",\"type\":\"article.published\","
            + "\"article\":{\"id\":\"019a1b2c-3d4e-7f56-8a9b-0c1d2e3f4a5b\",\"title\":\"Hello\"}}";
    private static final String SSE_EXAMPLE =
            "id:9f3a01c2-386\nevent:article.published\ndata:" + EVENT_EXAMPLE + "\n\n";

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 200;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PageBody(
            List<Article> items, Cursor cursor, @Nullable String next) {}

    // Describes streams too: the path is one resource in several representations.
    @RouterOperation(
            path = PATH,
            method = RequestMethod.GET,
            operation =
                    @Operation(
                            operationId = "readFeed",
                            tags = "feeds",
                            summary = "A feed, as a page or as a stream",
                            description = "The filters mean the same in pages, replay and live. A page's cursor is"
                                    + " accepted by the stream's since: page and stream are complete.",
                            parameters = {
                                @Parameter(in = ParameterIn.QUERY, name = "tag", example = "rust"),
                                @Parameter(in = ParameterIn.QUERY, name = "author", example = "Niko Matsakis"),
                                @Parameter(in = ParameterIn.QUERY, name = "source", example = "blog.rust-lang.org"),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "q",
                                        description = "search words, \"a phrase\", -without, or",
                                        example = "borrow checker"),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "fields",
                                        description = "full for articles with body and html",
                                        schema = @Schema(allowableValues = {"summary", "full"})),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "limit",
                                        description = "page: the most items",
                                        schema =
                                                @Schema(
                                                        type = "integer",
                                                        minimum = "1",
                                                        maximum = "200",
                                                        defaultValue = "20")),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "before",
                                        description = "page: the page key that a next link carries"),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "since",
                                        description = "stream: a cursor, an instant, a duration before now,"
                                                + " earliest or latest",
                                        example = "PT15M"),
                                @Parameter(
                                        in = ParameterIn.HEADER,
                                        name = "Last-Event-ID",
                                        description = "stream: the last cursor seen; goes before since"),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "follow",
                                        description = "stream: false ends it at the tail",
                                        schema = @Schema(type = "boolean", defaultValue = "true")),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "announce",
                                        description =
                                                "stream: true adds an event live once all that was missed is sent",
                                        schema = @Schema(type = "boolean", defaultValue = "false"))
                            },
                            responses =
                                    @ApiResponse(
                                            responseCode = "200",
                                            description = "As the Accept header prefers",
                                            content = {
                                                @Content(
                                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                                        schema = @Schema(implementation = PageBody.class)),
                                                @Content(
                                                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                                                        examples = @ExampleObject(FeedRoutes.SSE_EXAMPLE)),
                                                @Content(
                                                        mediaType = MediaType.APPLICATION_NDJSON_VALUE,
                                                        examples = @ExampleObject(FeedRoutes.EVENT_EXAMPLE))
                                            })))
    @Bean
    RouterFunction<ServerResponse> feedPageRoute(FeedPages pages) {
        return RouterFunctions.route(
                RequestPredicates.GET(PATH).and(FeedRoutes::asPage), request -> page(request, pages));
    }

    private static boolean asPage(ServerRequest request) {
        return Representation.preferred(request.headers().accept()) == Representation.JSON;
    }

    private static Mono<ServerResponse> page(ServerRequest request, FeedPages pages) {
        var limit = limit(request);
        return pages.read(FeedRequest.feed(request), FeedRequest.before(request), limit, FeedRequest.content(request))
                .flatMap(page -> {
                    var next = next(request, page);
                    var response = ServerResponse.ok()
                            .contentType(Representation.JSON.mediaType())
                            .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                            .header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
                    if (next != null) {
                        response.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
                    }
                    return response.bodyValue(new PageBody(page.items(), page.cursor(), next));
                });
    }

    private static @Nullable String next(ServerRequest request, FeedPage page) {
        return page.next() == null
                ? null
                : request.uriBuilder()
                        .scheme(null)
                        .host(null)
                        .port(null)
                        .replaceQueryParam("before", page.next().toString())
                        .build()
                        .toString();
    }

    private static int limit(ServerRequest request) {
        var text = FeedRequest.text(request, "limit");
        try {
            var limit = text.isEmpty() ? DEFAULT_LIMIT : Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Told below, as for a number out of range.
        }
        throw Problem.INVALID_REQUEST.because("limit is a number from 1 to " + MAX_LIMIT + ".");
    }
}
