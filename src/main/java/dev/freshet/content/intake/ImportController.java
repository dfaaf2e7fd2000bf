package dev.freshet.content.intake;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Imports documents: {@code POST /api/v1/imports}. */
@RestController
@Tag(name = "Imports")
final class ImportController {

    private static final List<Representation> REPRESENTATIONS = List.of(Representation.NDJSON, Representation.JSON);

    private static final int GZIP_PREFETCH = 4;

    private final Importer importer;
    private final ImportReader reader;
    private final ImportSettings settings;
    private final Scheduler readers;

    ImportController(Importer importer, ImportReader reader, ImportSettings settings, Scheduler importReaders) {
        this.importer = importer;
        this.reader = reader;
        this.settings = settings;
        this.readers = importReaders;
    }

    @PostMapping("/api/v1/imports")
    @ImportOperation
    Mono<ResponseEntity<?>> post(
            @CurrentCaller Caller caller,
            @RequestParam(required = false) @Nullable String url,
            ServerHttpRequest request) {
        var representation = Representation.negotiate(request.getHeaders(), REPRESENTATIONS);
        var entries = url == null ? sent(request.getHeaders(), content(request)) : fetched(url, request);
        return entries.flatMap(found -> {
            if (representation == Representation.NDJSON) {
                return Mono.just(ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_NDJSON)
                        .body(importer.lines(caller.account(), found)));
            }
            return importer.summary(caller.account(), found)
                    .map(summary -> ResponseEntity.ok()
                            .contentType(MediaType.APPLICATION_JSON)
                            .body(summary));
        });
    }

    private Mono<Import> sent(HttpHeaders headers, Flux<DataBuffer> body) {
        var language = headers.getContentLanguage();
        var location = headers.getFirst(HttpHeaders.CONTENT_LOCATION);
        return reader.read(
                headers.getContentType(),
                language == null ? null : language.toLanguageTag(),
                location == null ? "" : location,
                body);
    }

    private Flux<DataBuffer> content(ServerHttpRequest request) {
        var coding = String.valueOf(request.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING))
                .strip()
                .toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "null", "identity" -> request.getBody();
            case "gzip", "x-gzip" ->
                // Decompression is expensive: a small body may expand a thousandfold.
                GzipDecoder.decode(
                        request.getBody().map(ImportReader::bytes).publishOn(readers, GZIP_PREFETCH),
                        settings.unpackedLimit().toBytes());
            default -> throw unsupportedEncoding();
        };
    }

    private static ProblemException unsupportedEncoding() {
        var problem = Problem.UNSUPPORTED_MEDIA_TYPE.because(
                "Supported encodings: gzip, identity. Set Content-Encoding to one of them or omit it.");
        problem.getHeaders().set(HttpHeaders.ACCEPT_ENCODING, "gzip, identity");
        return problem;
    }

    private Mono<Import> fetched(String url, ServerHttpRequest request) {
        if (request.getHeaders().getContentLength() > 0) {
            throw Problem.INVALID_REQUEST.because("The request has both a body and a url. Send one of them.");
        }
        return reader.fetch(url);
    }
}
