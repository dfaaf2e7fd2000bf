package dev.freshet.read.page;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springdoc.core.annotations.RouterOperation;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;

/** The OpenAPI description of the endpoint of feeds: one resource as pages and as streams. */
@RouterOperation(
        path = PageQuery.PATH,
        method = RequestMethod.GET,
        operation =
                @Operation(
                        operationId = "readFeed",
                        tags = "Feeds",
                        summary = "Read a feed as a page or a stream",
                        description = "The filters mean the same in pages, replay and live. A page's cursor is"
                                + " accepted by the stream's since: page and stream are complete.",
                        parameters = {
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "tag",
                                    description = "may be repeated: any of them",
                                    array =
                                            @ArraySchema(
                                                    maxItems = 30,
                                                    schema = @Schema(type = "string", example = "rust"))),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "author",
                                    description = "may be repeated: any of them",
                                    array =
                                            @ArraySchema(
                                                    maxItems = 30,
                                                    schema = @Schema(type = "string", example = "Niko Matsakis"))),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "source",
                                    description = "may be repeated: any of them",
                                    array =
                                            @ArraySchema(
                                                    maxItems = 30,
                                                    schema = @Schema(type = "string", example = "blog.rust-lang.org"))),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "language",
                                    description =
                                            "BCP 47, with more specific ones: en selects en-GB; may be repeated: any of them",
                                    array =
                                            @ArraySchema(
                                                    maxItems = 30,
                                                    schema = @Schema(type = "string", example = "de"))),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "not.tag",
                                    description = "excludes articles with this tag; may be repeated",
                                    array =
                                            @ArraySchema(
                                                    maxItems = 30,
                                                    schema = @Schema(type = "string", example = "beta"))),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "not.author",
                                    description = "excludes articles with this author; may be repeated",
                                    array =
                                            @ArraySchema(
                                                    maxItems = 30,
                                                    schema = @Schema(type = "string", example = "A bot"))),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "not.source",
                                    description = "excludes articles with this source; may be repeated",
                                    array =
                                            @ArraySchema(
                                                    maxItems = 30,
                                                    schema = @Schema(type = "string", example = "example.org"))),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "not.language",
                                    description = "excludes articles in this language; may be repeated",
                                    array =
                                            @ArraySchema(
                                                    maxItems = 30,
                                                    schema = @Schema(type = "string", example = "en"))),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "q",
                                    description =
                                            "search words in any language, \"a phrase\", -without, or, prefix*, title:word",
                                    example = "borrow checker"),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "following",
                                    description = "true selects what the caller follows; requires a token",
                                    schema = @Schema(type = "boolean", defaultValue = "false")),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "ticket",
                                    description = "stream: a ticket, for clients that can't set Authorization"),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "fields",
                                    description = "summary, full (with body and html), or names of fields of an"
                                            + " article between commas; for a stream summary, full or keys (the keys to"
                                            + " purge its pages by)",
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
                                    description = "page: the maximum number of items",
                                    schema =
                                            @Schema(
                                                    type = "integer",
                                                    minimum = "1",
                                                    maximum = "200",
                                                    defaultValue = "20")),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "before",
                                    description = "page: the page key of a next link"),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "cursor",
                                    description = "page: a position that it must not precede, from a stream or"
                                            + " the response header Freshet-Cursor; stream: the position after which it"
                                            + " begins"),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "lastEventId",
                                    description = "stream: as the header Last-Event-ID, for clients that can't set it"),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "since",
                                    description = "stream: a cursor, an instant, a duration before now,"
                                            + " earliest or latest",
                                    example = "PT15M"),
                            @Parameter(
                                    in = ParameterIn.HEADER,
                                    name = "Last-Event-ID",
                                    description = "stream: the last cursor seen; takes precedence over since"),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "follow",
                                    description = "stream: false ends it at the tail",
                                    schema = @Schema(type = "boolean", defaultValue = "true")),
                            @Parameter(
                                    in = ParameterIn.QUERY,
                                    name = "announce",
                                    description = "stream: true adds an event live after all missed events",
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
                                                    examples = @ExampleObject(FeedOperation.SSE_EXAMPLE)),
                                            @Content(
                                                    mediaType = MediaType.APPLICATION_NDJSON_VALUE,
                                                    examples = @ExampleObject(FeedOperation.EVENT_EXAMPLE)),
                                            @Content(mediaType = MediaType.APPLICATION_ATOM_XML_VALUE),
                                            @Content(mediaType = MediaType.APPLICATION_RSS_XML_VALUE),
                                            @Content(mediaType = "application/feed+json")
                                        })))
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface FeedOperation {

    String EVENT_EXAMPLE = "{\"cursor\":\"9f3a01c2-386\",\"type\":\"article.published\","
            + "\"article\":{\"id\":\"019a1b2c-3d4e-7f56-8a9b-0c1d2e3f4a5b\",\"title\":\"Hello\"}}";
    String SSE_EXAMPLE = "id:9f3a01c2-386\nevent:article.published\ndata:" + EVENT_EXAMPLE + "\n\n";
}
