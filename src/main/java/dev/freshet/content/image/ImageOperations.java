package dev.freshet.content.image;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springdoc.core.annotations.RouterOperation;
import org.springframework.web.bind.annotation.RequestMethod;

/** The OpenAPI descriptions of the endpoints of images. */
final class ImageOperations {

    private ImageOperations() {}

    @Operation(
            summary = "Upload an image",
            description =
                    "Accepts PNG, JPEG, GIF or WebP as the body. An animation becomes its first frame. The image is"
                            + " encoded again without metadata such as the place of a photo, and in smaller sizes for pages. Embed it in an article by its url:"
                            + " ![alternative text](/images/…). Images that no article uses are deleted after the time in"
                            + " the setting freshet.images.unused.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(mediaType = "image/png"),
                                @Content(mediaType = "image/jpeg"),
                                @Content(mediaType = "image/gif"),
                                @Content(mediaType = "image/webp")
                            }),
            responses = {
                @ApiResponse(responseCode = "201", description = "The image was stored at the URL in Location."),
                @ApiResponse(responseCode = "413", description = "The image has too many bytes or pixels."),
                @ApiResponse(responseCode = "415", description = "The body is not an image of a supported type."),
                @ApiResponse(responseCode = "422", description = "The image cannot be decoded."),
                @ApiResponse(responseCode = "503", description = "The server is decoding too many images.")
            })
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Upload {}

    @RouterOperation(
            path = ImageRoute.PATH,
            method = RequestMethod.GET,
            operation =
                    @Operation(
                            operationId = "get",
                            tags = "Images",
                            summary = "Read an image",
                            description = "Supports conditional requests and one range of bytes.",
                            parameters =
                                    @Parameter(
                                            in = ParameterIn.PATH,
                                            name = "name",
                                            required = true,
                                            schema = @Schema(type = "string")),
                            responses =
                                    @ApiResponse(
                                            responseCode = "200",
                                            description = "The image.",
                                            content = {
                                                @Content(mediaType = "image/png"),
                                                @Content(mediaType = "image/jpeg")
                                            })))
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Read {}
}
