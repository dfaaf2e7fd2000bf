package dev.freshet.content.intake;

import dev.freshet.identity.account.Caller;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Requests for imports whose documents are small enough for a text. The caller must have the scope {@code articles:write}.
 * Results fail with the problem to report to the client.
 */
@Component
public final class ImportRequests {

    private static final MediaType LINES = new MediaType("application", "x-ndjson", StandardCharsets.UTF_8);
    private static final MediaType DOCUMENT = new MediaType("application", "xml", StandardCharsets.UTF_8);

    private final Importer importer;
    private final ImportReader reader;

    ImportRequests(Importer importer, ImportReader reader) {
        this.importer = importer;
        this.reader = reader;
    }

    /**
     * Imports a text.
     *
     * @param isLines whether it has one article in JSON per line; any other document shows its format
     * @param language the language of articles that name none; null if unknown
     * @param address the address of the document; empty if unknown
     */
    public Mono<ImportLine.Summary> text(
            Caller caller, String text, boolean isLines, @Nullable String language, String address) {
        return Mono.defer(() -> {
            var bytes = DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
            return reader.read(isLines ? LINES : DOCUMENT, language, address, Flux.just(bytes))
                    .flatMap(document -> importer.summary(caller.account(), document));
        });
    }

    /** Fetches a document from a public http or https address, and imports it. */
    public Mono<ImportLine.Summary> address(Caller caller, String url) {
        return Mono.defer(() -> reader.fetch(url)).flatMap(document -> importer.summary(caller.account(), document));
    }
}
