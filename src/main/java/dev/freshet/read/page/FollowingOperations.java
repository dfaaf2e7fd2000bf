package dev.freshet.read.page;

import dev.freshet.feed.SearchAddress;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springdoc.core.annotations.RouterOperation;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;

/** The OpenAPI descriptions of what an account follows, for feed readers. */
final class FollowingOperations {

    private FollowingOperations() {}

    @RouterOperation(
            path = FollowingDocuments.OPML_PATH,
            method = RequestMethod.GET,
            operation =
                    @Operation(
                            operationId = "exportFollowing",
                            tags = "Following",
                            summary = "Export the followed names and saved searches as OPML",
                            responses =
                                    @ApiResponse(
                                            responseCode = "200",
                                            description = "The addresses of their public feeds",
                                            content = @Content(mediaType = "text/x-opml"))))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Export {}

    @RouterOperation(
            path = SearchAddress.PATH,
            method = RequestMethod.GET,
            operation =
                    @Operation(
                            operationId = "readSavedSearch",
                            tags = "Following",
                            summary = "Read the feed of a saved search by its secret address",
                            parameters = {
                                @Parameter(in = ParameterIn.PATH, name = "address"),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "format",
                                        schema = @Schema(allowableValues = {"atom", "rss", "json-feed"})),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "fields",
                                        description = "full adds the content of the articles"),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "limit",
                                        schema =
                                                @Schema(
                                                        type = "integer",
                                                        minimum = "1",
                                                        maximum = "200",
                                                        defaultValue = "20")),
                                @Parameter(
                                        in = ParameterIn.QUERY,
                                        name = "before",
                                        description = "the page key of a next link")
                            },
                            responses =
                                    @ApiResponse(
                                            responseCode = "200",
                                            description = "As the Accept header prefers",
                                            content = {
                                                @Content(mediaType = MediaType.APPLICATION_ATOM_XML_VALUE),
                                                @Content(mediaType = MediaType.APPLICATION_RSS_XML_VALUE),
                                                @Content(mediaType = "application/feed+json")
                                            })))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Read {}
}
