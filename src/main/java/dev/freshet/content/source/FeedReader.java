package dev.freshet.content.source;

import dev.freshet.content.article.StrictJson;
import dev.freshet.content.format.DocumentSource;
import dev.freshet.content.format.FeedDocument;
import dev.freshet.platform.outbound.DocumentFetcher.Document;
import java.nio.charset.Charset;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;

/** Parses the documents of sources. Only a few of them are in memory as trees at the same time. */
final class FeedReader {

    // A hostile document of the maximum size becomes a tree of about 100 MB.
    private static final int MAX_DOCUMENTS = 2;

    /** The permission to hold a document in memory. */
    private record Permit() {}

    private final StrictJson json;
    private final Scheduler readers;
    private final InstrumentedPool<Permit> permits = PoolBuilder.from(Mono.fromSupplier(Permit::new))
            .sizeBetween(0, MAX_DOCUMENTS)
            .buildPool();

    FeedReader(StrictJson json, Scheduler readers) {
        this.json = json;
        this.readers = readers;
    }

    /** The content of a response. */
    sealed interface Content {

        /** A feed. */
        record Feed(FeedDocument document) implements Content {}

        /** A page. */
        record Page(Discovery.Addresses addresses) implements Content {}
    }

    /**
     * Parses a response and uses its content, which must not be held afterwards.
     *
     * @return fails with a problem if the content is neither a feed nor a page
     */
    <T> Mono<T> read(Document document, Function<Content, Mono<T>> use) {
        return permits.withPoolable(permit -> Mono.fromCallable(() -> content(document))
                        .subscribeOn(readers)
                        .flatMap(use))
                .next();
    }

    private Content content(Document document) {
        var address = document.address().toString();
        var charset = charset(document.headers());
        if (Discovery.isPage(document.body())) {
            return new Content.Page(Discovery.read(document.body(), charset, address));
        }
        var language = document.headers().getFirst(HttpHeaders.CONTENT_LANGUAGE);
        return new Content.Feed(
                FeedDocument.read(new DocumentSource(document.body(), charset, language, address), json));
    }

    private static @Nullable Charset charset(HttpHeaders headers) {
        var type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        try {
            return type == null ? null : MediaType.parseMediaType(type).getCharset();
        } catch (InvalidMediaTypeException e) {
            return null;
        }
    }
}
