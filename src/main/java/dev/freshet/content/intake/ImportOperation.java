package dev.freshet.content.intake;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The OpenAPI description of imports. */
@Operation(
        summary = "Import articles",
        description = "Accepts NDJSON of any size with one article per line, or an Atom, RSS 2.0 or JSON Feed"
                + " document, optionally with Content-Encoding: gzip. With url instead of a body, the server fetches the"
                + " document. Articles are recognised by id, otherwise by canonicalUrl, so a repeated import changes"
                + " nothing. Faults of feeds are repaired and reported. Invalid entries are reported and skipped. The"
                + " response streams progress: read it while you send. With Accept: application/json, it is only the"
                + " summary.",
        parameters =
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "url",
                        description = "The public http or https address of a document to import"),
        requestBody =
                @RequestBody(
                        required = false,
                        content = {
                            @Content(
                                    mediaType = "application/x-ndjson",
                                    examples = @ExampleObject(ImportOperation.LINE_EXAMPLE)),
                            @Content(mediaType = "application/atom+xml"),
                            @Content(mediaType = "application/rss+xml"),
                            @Content(mediaType = "application/feed+json")
                        }),
        responses = {
            @ApiResponse(
                    responseCode = "200",
                    description = "The import has started; the last line is its summary or an error.",
                    content =
                            @Content(
                                    mediaType = "application/x-ndjson",
                                    examples = @ExampleObject(ImportOperation.RESPONSE_EXAMPLE))),
            @ApiResponse(responseCode = "400", description = "The document is invalid."),
            @ApiResponse(responseCode = "413", description = "The document is too large."),
            @ApiResponse(responseCode = "422", description = "The url cannot be fetched."),
            @ApiResponse(responseCode = "415", description = "The Content-Type or Content-Encoding is not supported.")
        })
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface ImportOperation {

    String LINE_EXAMPLE = "{\"title\":\"Hello\",\"canonicalUrl\":\"https://example.org/hello/\","
            + "\"tags\":[\"news\"],\"body\":\"# Hello\"}\n";

    String RESPONSE_EXAMPLE = """
            {"repaired":{"line":1,"repair":"language is not a BCP 47 tag and was dropped: none"}}
            {"rejected":{"line":2,"reason":"title is required"}}
            {"progress":{"read":2,"created":1,"updated":0,"unchanged":0,"rejected":1,"repaired":1}}
            {"summary":{"read":2,"created":1,"updated":0,"unchanged":0,"rejected":1,"repaired":1,"seconds":0.05}}
            """;
}
