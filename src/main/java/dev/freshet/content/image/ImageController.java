package dev.freshet.content.image;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Uploads and serves images: {@code POST /api/v1/images}, {@code GET /images/{name}}. */
@RestController
@Tag(name = "Images")
final class ImageController {

    private static final int MAX_CACHED_LENGTHS = 10_000;
    private static final Duration LENGTH_CACHE_TTL = Duration.ofMinutes(10);
    private static final CacheControl IMMUTABLE =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

    private final UploadService uploads;
    private final ImageStore store;
    // Images are immutable, but unused ones are deleted.
    private final Cache<ImageName, Long> lengths = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED_LENGTHS)
            .expireAfterWrite(LENGTH_CACHE_TTL)
            .build();

    ImageController(UploadService uploads, ImageStore store) {
        this.uploads = uploads;
        this.store = store;
    }

    @PostMapping("/api/v1/images")
    @Operation(
            summary = "Upload an image",
            description = "Accepts PNG, JPEG, GIF (first frame) or WebP as the body. The image is encoded again without"
                    + " metadata such as the place of a photo. Embed it in an article by its url:"
                    + " ![alternative text](/images/…). Images that no article uses are deleted after a day.",
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
    Mono<ResponseEntity<UploadService.Upload>> post(@CurrentCaller Caller caller, ServerHttpRequest request) {
        checkType(request.getHeaders().getContentType());
        return uploads.store(
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

    @GetMapping("/images/{name}")
    @Operation(summary = "Read an image", description = "Supports conditional requests and one range of bytes.")
    @ApiResponse(
            responseCode = "200",
            description = "The image.",
            content = {@Content(mediaType = "image/png"), @Content(mediaType = "image/jpeg")})
    Mono<Void> get(@PathVariable String name, @Parameter(hidden = true) ServerWebExchange exchange) {
        return Mono.justOrEmpty(ImageName.parse(name))
                .flatMap(image -> length(image).map(length -> new StoredImage(image, length)))
                .switchIfEmpty(Mono.error(() -> Problem.NOT_FOUND.because("No image has this name.")))
                .flatMap(stored -> write(stored, exchange));
    }

    private record StoredImage(ImageName name, long length) {}

    private Mono<Long> length(ImageName name) {
        return Mono.justOrEmpty(lengths.getIfPresent(name))
                .switchIfEmpty(Mono.defer(() -> store.length(name).doOnNext(length -> lengths.put(name, length))));
    }

    private Mono<Void> write(StoredImage image, ServerWebExchange exchange) {
        var response = exchange.getResponse();
        var tag = "\"" + image.name() + "\"";
        var headers = response.getHeaders();
        headers.setCacheControl(IMMUTABLE);
        headers.setETag(tag);
        // Prevents scripts, whatever type a browser assumes.
        headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
        // Feed readers embed images in their own pages.
        headers.set("Cross-Origin-Resource-Policy", "cross-origin");
        headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
        if (exchange.checkNotModified(tag)) {
            return response.setComplete();
        }
        headers.setContentType(image.name().type().mediaType());
        var range = range(exchange.getRequest().getHeaders(), tag);
        var from = range == null ? 0 : range.getRangeStart(image.length());
        if (from >= image.length()) {
            var problem = Problem.RANGE_NOT_SATISFIABLE.because("The image has " + image.length() + " bytes.");
            problem.getHeaders().set(HttpHeaders.CONTENT_RANGE, "bytes */" + image.length());
            return Mono.error(problem);
        }
        var to = range == null ? image.length() - 1 : range.getRangeEnd(image.length());
        if (range != null) {
            response.setStatusCode(HttpStatus.PARTIAL_CONTENT);
            headers.set(HttpHeaders.CONTENT_RANGE, "bytes " + from + "-" + to + "/" + image.length());
        }
        headers.setContentLength(to - from + 1);
        return exchange.getRequest().getMethod().equals(HttpMethod.HEAD)
                ? response.setComplete()
                : response.writeWith(store.read(image.name(), from, to - from + 1));
    }

    /** Returns the requested range; null to send the whole image, which is always permitted. */
    private static @Nullable HttpRange range(HttpHeaders headers, String tag) {
        var onlyIf = headers.getFirst(HttpHeaders.IF_RANGE);
        if (onlyIf != null && !onlyIf.equals(tag)) {
            return null;
        }
        try {
            List<HttpRange> ranges = headers.getRange();
            return ranges.size() == 1 ? ranges.getFirst() : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
