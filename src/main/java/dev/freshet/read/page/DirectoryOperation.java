package dev.freshet.read.page;

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

/** The OpenAPI description of the directory of feeds. */
@RouterOperation(
        path = DirectoryQuery.PATH,
        method = RequestMethod.GET,
        operation =
                @Operation(
                        operationId = "readDirectory",
                        tags = "Feeds",
                        summary = "List the feeds: tags, authors and sources, the largest first",
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
                                    description = "the page key of a next link"),
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
                                                    schema = @Schema(implementation = DirectoryRenderer.Body.class)),
                                            @Content(mediaType = "text/x-opml")
                                        })))
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface DirectoryOperation {}
