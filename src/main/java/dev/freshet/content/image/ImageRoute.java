package dev.freshet.content.image;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.platform.problem.Problem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves images: {@code GET /images/{name}}. */
final class ImageRoute {

    static final String PATH = "/images/{name}";

    private static final int MAX_CACHED_LENGTHS = 10_000;
    private static final Duration LENGTH_CACHE_TTL = Duration.ofMinutes(10);
    private static final CacheControl IMMUTABLE =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

    private final ImageStore store;
    // Images are immutable, but unused ones are deleted.
    private final Cache<ImageName, Long> lengths = Caffeine.newBuilder()
            .maximumSize(MAX_CACHED_LENGTHS)
            .expireAfterWrite(LENGTH_CACHE_TTL)
            .build();

    ImageRoute(ImageStore store) {
        this.store = store;
    }

    RouterFunction<ServerResponse> function() {
        return RouterFunctions.route(
                RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(PATH)),
                this::respond);
    }

    private Mono<ServerResponse> respond(ServerRequest request) {
        return Mono.justOrEmpty(ImageName.parse(request.pathVariable("name")))
                .flatMap(image -> length(image).map(length -> new StoredImage(image, length)))
                .switchIfEmpty(Mono.error(() -> Problem.NOT_FOUND.because("No image has this name.")))
                .flatMap(image -> respond(image, request));
    }

    private record StoredImage(ImageName name, long length) {

        String tag() {
            return "\"" + name + "\"";
        }
    }

    private Mono<Long> length(ImageName name) {
        return Mono.justOrEmpty(lengths.getIfPresent(name))
                .switchIfEmpty(Mono.defer(() -> store.length(name).doOnNext(length -> lengths.put(name, length))));
    }

    private Mono<ServerResponse> respond(StoredImage image, ServerRequest request) {
        return request.checkNotModified(image.tag())
                .flatMap(unchanged -> ServerResponse.from(unchanged)
                        .headers(headers -> describe(headers, image))
                        .build())
                .switchIfEmpty(Mono.defer(() -> content(image, request)));
    }

    private static void describe(HttpHeaders headers, StoredImage image) {
        headers.setCacheControl(IMMUTABLE);
        headers.setETag(image.tag());
        // Prevents scripts, whatever type a browser assumes.
        headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
        // Feed readers embed images in their own pages.
        headers.set("Cross-Origin-Resource-Policy", "cross-origin");
        headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
    }

    private Mono<ServerResponse> content(StoredImage image, ServerRequest request) {
        var range = range(request.headers().asHttpHeaders(), image.tag());
        var from = range == null ? 0 : range.getRangeStart(image.length());
        if (from >= image.length()) {
            var problem = Problem.RANGE_NOT_SATISFIABLE.because("The image has " + image.length() + " bytes.");
            problem.getHeaders().set(HttpHeaders.CONTENT_RANGE, "bytes */" + image.length());
            return Mono.error(problem);
        }
        var to = range == null ? image.length() - 1 : range.getRangeEnd(image.length());
        var length = to - from + 1;
        var response = ServerResponse.status(range == null ? HttpStatus.OK : HttpStatus.PARTIAL_CONTENT)
                .headers(headers -> describe(headers, image))
                .contentType(image.name().type().mediaType())
                .contentLength(length);
        if (range != null) {
            response.header(HttpHeaders.CONTENT_RANGE, "bytes " + from + "-" + to + "/" + image.length());
        }
        return request.method().equals(HttpMethod.HEAD)
                ? response.build()
                : response.body((message, context) -> message.writeWith(store.read(image.name(), from, length)));
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
