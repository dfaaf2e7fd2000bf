package dev.freshet.read.web;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * The style sheet, modules and images of the pages, held in memory. Their address contains one hash over all of them,
 * so modules import each other by relative addresses and browsers cache them for ever.
 */
final class Assets {

    /** The path of the assets. */
    static final String PATTERN = "/assets/{hash}/{name}";

    private static final Map<String, MediaType> TYPES = Map.of(
            "css", MediaType.parseMediaType("text/css;charset=UTF-8"),
            "js", MediaType.parseMediaType("text/javascript;charset=UTF-8"),
            "svg", MediaType.parseMediaType("image/svg+xml"));

    private final Map<String, byte[]> files;
    private final String hash;

    private Assets(Map<String, byte[]> files, String hash) {
        this.files = files;
        this.hash = hash;
    }

    /** Reads the assets from the class path; blocks. */
    static Assets load() throws IOException {
        var files = new TreeMap<String, byte[]>();
        var found = new PathMatchingResourcePatternResolver().getResources("classpath:/static/assets/*.*");
        for (var file :
                Stream.of(found).sorted(Comparator.comparing(Assets::name)).toList()) {
            files.put(name(file), file.getContentAsByteArray());
        }
        return new Assets(files, hash(files));
    }

    /** Returns the address of their folder, without a slash at the end. */
    String path() {
        return "/assets/" + hash;
    }

    Mono<ServerResponse> serve(ServerRequest request) {
        var name = request.pathVariable("name");
        var bytes = files.get(name);
        var type = type(name);
        if (bytes == null || type == null) {
            return ServerResponse.notFound().build();
        }
        // During a rolling update a page of one version may request assets from an instance of another. That response
        // is usable, but not for ever.
        var caching = request.pathVariable("hash").equals(hash)
                ? CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable()
                : CacheControl.noStore();
        return RenderedBody.write(ServerResponse.ok().contentType(type).cacheControl(caching), bytes);
    }

    private static @Nullable MediaType type(String name) {
        return TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    }

    private static String name(Resource file) {
        return Objects.requireNonNull(file.getFilename());
    }

    private static String hash(Map<String, byte[]> files) {
        var digest = DigestUtils.getSha256Digest();
        files.values().forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
