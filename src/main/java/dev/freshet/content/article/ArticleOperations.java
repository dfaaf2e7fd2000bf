package dev.freshet.content.article;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.HttpHeaders;

/** The OpenAPI descriptions of the endpoints of {@link ArticleController}. */
final class ArticleOperations {

    private static final String IF_MATCH_EXAMPLE = "\"1\"";
    private static final String CREATION_EXAMPLE = """
            {"title": "Hello", "body": "It *works*.", "tags": ["news"], "status": "published"}""";
    private static final String PATCH_EXAMPLE = """
            {"tags": ["news", "spring"]}""";

    private ArticleOperations() {}

    @Operation(
            summary = "Create an article",
            description = "Creates a draft unless status is scheduled or published.",
            parameters =
                    @Parameter(
                            in = ParameterIn.HEADER,
                            name = "Idempotency-Key",
                            description = "A repeated request with the same key and content gets the same response."),
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(implementation = ArticleDraft.class),
                                            examples = @ExampleObject(CREATION_EXAMPLE))),
            responses =
                    @ApiResponse(
                            responseCode = "201",
                            content = @Content(schema = @Schema(implementation = Article.class))))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Create {}

    @Operation(summary = "Read an article", description = "Only its owner and editors can read an unpublished article.")
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Read {}

    @Operation(
            summary = "Replace an article",
            description = "Omitted fields are derived again; slug, status and publishedAt stay.",
            parameters = @Parameter(in = ParameterIn.HEADER, name = HttpHeaders.IF_MATCH, example = IF_MATCH_EXAMPLE),
            requestBody = @RequestBody(content = @Content(schema = @Schema(implementation = ArticleDraft.class))))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Replace {}

    @Operation(
            summary = "Change fields of an article",
            description = "By JSON Merge Patch (RFC 7396).",
            parameters = @Parameter(in = ParameterIn.HEADER, name = HttpHeaders.IF_MATCH, example = IF_MATCH_EXAMPLE),
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(implementation = ArticleDraft.class),
                                            examples = @ExampleObject(PATCH_EXAMPLE))))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Patch {}

    @Operation(
            summary = "Withdraw an article",
            description = "Withdrawal is permanent; readers receive an event.",
            parameters = @Parameter(in = ParameterIn.HEADER, name = HttpHeaders.IF_MATCH, example = IF_MATCH_EXAMPLE),
            responses = @ApiResponse(responseCode = "204"))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Withdraw {}

    @Operation(
            summary = "Publish a draft or scheduled article now",
            parameters = @Parameter(in = ParameterIn.HEADER, name = HttpHeaders.IF_MATCH, example = IF_MATCH_EXAMPLE))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Publish {}

    @Operation(
            summary = "Take an article over",
            description = "Makes the caller, an editor, the owner of the article. From then on, the caller's imports"
                    + " change it, and those of its earlier owner do not.")
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface TakeOver {}
}
