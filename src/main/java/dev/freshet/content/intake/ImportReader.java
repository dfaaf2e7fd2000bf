package dev.freshet.content.intake;

import dev.freshet.content.article.StrictJson;
import dev.freshet.content.format.DocumentSource;
import dev.freshet.content.format.FeedDocument;
import dev.freshet.content.format.ImportEntry;
import dev.freshet.content.format.Ndjson;
import dev.freshet.platform.outbound.Fetcher;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reads the documents that requests import. */
final class ImportReader {

    private static final String ACCEPTED = "application/atom+xml, application/rss+xml, application/feed+json,"
            + " application/x-ndjson, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1";

    private final ImportSettings settings;
    private final Scheduler readers;
    private final Fetcher fetcher;
    private final StrictJson json;

    ImportReader(ImportSettings settings, Scheduler readers, Fetcher fetcher, StrictJson json) {
        this.settings = settings;
        this.readers = readers;
        this.fetcher = fetcher;
        this.json = json;
    }

    /** Fetches a document from a public address. */
    Mono<Import> fetch(String url) {
        return fetcher.fetch(url, ACCEPTED)
                .flatMap(fetched -> read(fetched.type(), null, fetched.address().toString(), fetched.body()));
    }

    /**
     * Reads a document: lines as they arrive, any other as a whole.
     *
     * @param address the address of the document; empty if unknown
     */
    Mono<Import> read(@Nullable MediaType type, @Nullable String language, String address, Flux<DataBuffer> body) {
        return switch (ImportFormat.of(type)) {
            case NDJSON -> {
                int limit = Math.toIntExact(settings.lineLimit().toBytes());
                yield Mono.just(new Import(Ndjson.entries(body, limit, json), List.of()));
            }
            case DOCUMENT -> {
                var charset = type == null ? null : type.getCharset();
                yield document(body)
                        .publishOn(readers)
                        .map(bytes -> FeedDocument.read(new DocumentSource(bytes, charset, language, address), json))
                        .map(document ->
                                new Import(Flux.<ImportEntry>fromIterable(document.entries()), document.repairs()));
            }
        };
    }

    private Mono<byte[]> document(Flux<DataBuffer> body) {
        int limit = Math.toIntExact(settings.documentLimit().toBytes());
        return DataBufferUtils.join(body, limit)
                .map(ImportReader::bytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(
                        DataBufferLimitException.class,
                        e -> Problem.CONTENT_TOO_LARGE.because("The feed document exceeds " + limit
                                + " bytes. Split it, or send the articles as NDJSON, which has no limit."));
    }

    /** Returns the bytes of a buffer, and releases it. */
    static byte[] bytes(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
