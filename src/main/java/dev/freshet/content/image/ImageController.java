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

/** {@code POST /api/v1/images} and {@code GET /images/{name}}. */
@RestController
@Tag(name = "Images")
final class ImageController {

    private static final int MOST_KNOWN = 10_000;
    private static final Duration KNOWN = Duration.ofMinutes(10);
    private static final CacheControl FOR_EVER =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

    private final UploadService uploads;
    private final ImageStore store;
    // An image never changes, though it may be collected.
    private final Cache<ImageName, Long> lengths = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(KNOWN)
            .build();

    ImageController(UploadService uploads, ImageStore store) {
        this.uploads = uploads;
        this.store = store;
    }

    @PostMapping("/api/v1/images")
    @Operation(
            summary = "Upload an image",
            description =
                    "Takes PNG, JPEG, GIF (its first frame) or WebP as the body. What can be seen in it is encoded"
                            + " anew, so that its metadata, such as where a photo was taken, is gone. Show it in an article by its"
                            + " url: ![what it shows](/images/…). An image that no article shows is deleted after a day.",
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
                @ApiResponse(responseCode = "201", description = "The image, at the address of Location."),
                @ApiResponse(responseCode = "413", description = "It has too many bytes or pixels."),
                @ApiResponse(responseCode = "415", description = "It is no image of these types."),
                @ApiResponse(responseCode = "422", description = "It can't be decoded."),
                @ApiResponse(responseCode = "503", description = "Too many others are being decoded.")
            })
    Mono<ResponseEntity<UploadService.Upload>> post(@CurrentCaller Caller caller, ServerHttpRequest request) {
        checkType(request.getHeaders().getContentType());
        return uploads.take(
                        caller.account().id(),
                        request.getBody(),
                        request.getHeaders().getContentLength())
                .map(upload -> ResponseEntity.created(URI.create(upload.url())).body(upload));
    }

    /** What is in the body counts, but a form isn't looked into. */
    private static void checkType(@Nullable MediaType type) {
        if (type != null
                && !type.getType().equals("image")
                && !type.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM)) {
            throw Problem.UNSUPPORTED_MEDIA_TYPE.because(
                    "Send the image itself as the body, with a Content-Type such as image/png, but not " + type + ".");
        }
    }

    @GetMapping("/images/{name}")
    @Operation(summary = "Read an image", description = "Conditional requests and a range of bytes are possible.")
    @ApiResponse(
            responseCode = "200",
            description = "The image.",
            content = {@Content(mediaType = "image/png"), @Content(mediaType = "image/jpeg")})
    Mono<Void> get(@PathVariable String name, @Parameter(hidden = true) ServerWebExchange exchange) {
        return Mono.justOrEmpty(ImageName.parse(name))
                .flatMap(image -> length(image).map(length -> new Found(image, length)))
                .switchIfEmpty(Mono.error(() -> Problem.NOT_FOUND.because("There is no image of this name.")))
                .flatMap(found -> write(found, exchange));
    }

    private record Found(ImageName name, long length) {}

    private Mono<Long> length(ImageName name) {
        return Mono.justOrEmpty(lengths.getIfPresent(name))
                .switchIfEmpty(Mono.defer(() -> store.length(name).doOnNext(length -> lengths.put(name, length))));
    }

    private Mono<Void> write(Found found, ServerWebExchange exchange) {
        var response = exchange.getResponse();
        var tag = "\"" + found.name() + "\"";
        var headers = response.getHeaders();
        headers.setCacheControl(FOR_EVER);
        headers.setETag(tag);
        // It runs nothing, whatever a browser takes it for.
        headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
        // Readers of feeds show it on pages of their own.
        headers.set("Cross-Origin-Resource-Policy", "cross-origin");
        headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
        if (exchange.checkNotModified(tag)) {
            return response.setComplete();
        }
        headers.setContentType(found.name().type().mediaType());
        var range = range(exchange.getRequest().getHeaders(), tag);
        var from = range == null ? 0 : range.getRangeStart(found.length());
        if (from >= found.length()) {
            var problem = Problem.RANGE_NOT_SATISFIABLE.because("The image has " + found.length() + " bytes.");
            problem.getHeaders().set(HttpHeaders.CONTENT_RANGE, "bytes */" + found.length());
            return Mono.error(problem);
        }
        var to = range == null ? found.length() - 1 : range.getRangeEnd(found.length());
        if (range != null) {
            response.setStatusCode(HttpStatus.PARTIAL_CONTENT);
            headers.set(HttpHeaders.CONTENT_RANGE, "bytes " + from + "-" + to + "/" + found.length());
        }
        headers.setContentLength(to - from + 1);
        return exchange.getRequest().getMethod().equals(HttpMethod.HEAD)
                ? response.setComplete()
                : response.writeWith(store.read(found.name(), from, to - from + 1));
    }

    /** The one range that is asked for; null where all is to be sent, which always is an answer too. */
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
