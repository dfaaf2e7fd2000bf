package dev.freshet.read.page;

import dev.freshet.limit.ReadLimit;
import dev.freshet.log.tail.Follower;
import dev.freshet.platform.Build;
import dev.freshet.platform.http.CdnSettings;
import dev.freshet.platform.http.CorsSettings;
import dev.freshet.platform.http.SecurityHeaders;
import dev.freshet.platform.problem.ProblemHandler;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import org.springdoc.core.annotations.RouterOperation;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisOperations;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

/** Serves feeds as pages. */
@Configuration(proxyBeanMethods = false)
class FeedRoutes {

    private static final String EVENT_EXAMPLE = "{\"cursor\":\"9f3a01c2-386\",\"type\":\"article.published\","
            + "\"article\":{\"id\":\"019a1b2c-3d4e-7f56-8a9b-0c1d2e3f4a5b\",\"title\":\"Hello\"}}";
    private static final String SSE_EXAMPLE =
            "id:9f3a01c2-386\nevent:article.published\ndata:" + EVENT_EXAMPLE + "\n\n";

    // Describes streams too: the path is one resource in several representations.
    @RouterOperation(
            path = PageQuery.PATH,
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
                                        description = "summary, full (with body and html), or names of fields of"
                                                + " an article between commas; for a stream summary, full or keys (what its pages are"
                                                + " purged by)",
                                        example = "id,title,publishedAt"),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "format",
                                        description = "the representation, for clients that can't choose their Accept"
                                                + " header",
                                        schema =
                                                @Schema(
                                                        allowableValues = {
                                                            "json",
                                                            "sse",
                                                            "ndjson",
                                                            "json-feed",
                                                            "atom",
                                                            "rss"
                                                        })),
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
                                        name = "cursor",
                                        description = "page: a position that it must not be older than, as a stream or"
                                                + " an answer's Freshet-Cursor gave it"),
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
                                                        schema = @Schema(implementation = JsonPages.Body.class)),
                                                @Content(
                                                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                                                        examples = @ExampleObject(FeedRoutes.SSE_EXAMPLE)),
                                                @Content(
                                                        mediaType = MediaType.APPLICATION_NDJSON_VALUE,
                                                        examples = @ExampleObject(FeedRoutes.EVENT_EXAMPLE)),
                                                @Content(mediaType = MediaType.APPLICATION_ATOM_XML_VALUE),
                                                @Content(mediaType = MediaType.APPLICATION_RSS_XML_VALUE),
                                                @Content(mediaType = "application/feed+json")
                                            })))
    @Bean
    RouterFunction<ServerResponse> feedPageRoute(PageHandler pages) {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(RequestPredicates.path(PageQuery.PATH))
                        .and(request ->
                                !FeedRequest.of(request).representation().isStream()),
                request -> pages.handle(request, FeedRequest.of(request).representation()));
    }

    @RouterOperation(
            path = DirectoryQuery.PATH,
            method = RequestMethod.GET,
            operation =
                    @Operation(
                            operationId = "readDirectory",
                            tags = "feeds",
                            summary = "The feeds that there are: tags, authors and sources, the largest first",
                            parameters = {
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "kind",
                                        schema = @Schema(allowableValues = {"tag", "author", "source"})),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "limit",
                                        schema =
                                                @Schema(
                                                        type = "integer",
                                                        minimum = "1",
                                                        maximum = "1000",
                                                        defaultValue = "100")),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "after",
                                        description = "the page key that a next link carries"),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "format",
                                        schema = @Schema(allowableValues = {"json", "opml"}))
                            },
                            responses =
                                    @ApiResponse(
                                            responseCode = "200",
                                            description = "As the Accept header prefers",
                                            content = {
                                                @Content(
                                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                                        schema =
                                                                @Schema(implementation = DirectoryRenderer.Body.class)),
                                                @Content(mediaType = "text/x-opml")
                                            })))
    @Bean
    RouterFunction<ServerResponse> feedDirectoryRoute(PageHandler pages) {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(RequestPredicates.path(DirectoryQuery.PATH)),
                pages::handleDirectory);
    }

    @Bean
    LastChanges lastChanges(PageSettings settings) {
        return new LastChanges(settings.feeds());
    }

    @Bean
    PageHandler pageHandler(
            FeedPages store,
            FeedDirectory directory,
            DirectoryRenderer directories,
            ObjectProvider<ReactiveRedisConnectionFactory> redis,
            LastChanges changes,
            Follower follower,
            PageSettings settings,
            CdnSettings delivery,
            List<PageRenderer> renderers,
            MeterRegistry meters,
            Build build) {
        var version = build.id();
        var connections = redis.getIfAvailable();
        var shared = connections == null ? null : new SharedPages(bytes(connections), settings, version);
        var reader = new PageReader(store, directory, directories, renderers);
        var pages = new CachedPages(reader, shared, changes, follower::silence, settings, meters);
        return new PageHandler(pages, settings, delivery, version);
    }

    @Bean
    PageShortCut pageShortCut(
            PageHandler pages,
            ReadLimit reads,
            SecurityHeaders securityHeaders,
            ProblemHandler problems,
            ObjectProvider<ForwardedHeaderTransformer> corrections,
            CorsSettings cors,
            MeterRegistry meters) {
        return new PageShortCut(
                pages, reads, securityHeaders, problems, corrections.getIfAvailable() != null, cors.isOn(), meters);
    }

    private static ReactiveRedisOperations<String, byte[]> bytes(ReactiveRedisConnectionFactory connections) {
        return new ReactiveRedisTemplate<>(
                connections,
                RedisSerializationContext.<String, byte[]>newSerializationContext(RedisSerializer.string())
                        .value(RedisSerializer.byteArray())
                        .build());
    }
}
