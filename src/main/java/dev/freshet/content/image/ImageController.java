package dev.freshet.content.image;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Uploads images: {@code POST /api/v1/images}. */
@RestController
@Tag(name = "Images")
final class ImageController {

    private final UploadService uploads;

    ImageController(UploadService uploads) {
        this.uploads = uploads;
    }

    @PostMapping("/api/v1/images")
    @ImageOperations.Upload
    Mono<ResponseEntity<UploadService.Upload>> post(@CurrentCaller Caller caller, ServerHttpRequest request) {
        checkType(request.getHeaders().getContentType());
        return uploads.upload(
                        caller.account().id(),
                        request.getBody(),
                        request.getHeaders().getContentLength())
                .map(upload -> ResponseEntity.created(URI.create(upload.url())).body(upload));
    }

    /** Rejects forms. The format of an image is detected from its content. */
    private static void checkType(@Nullable MediaType type) {
        if (type != null
                && !type.getType().equals("image")
                && !type.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM)) {
            throw Problem.UNSUPPORTED_MEDIA_TYPE.because("The Content-Type is " + type
                    + ". Send the image itself as the body, with a Content-Type such as image/png.");
        }
    }
}
