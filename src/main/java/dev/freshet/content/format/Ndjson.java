package dev.freshet.content.format;

import dev.freshet.content.article.StrictJson;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.Flux;

/** Articles as lines of JSON. */
public final class Ndjson {

    private Ndjson() {}

    /**
     * Returns the articles of a body as its lines arrive.
     *
     * @param limit the maximum length of a line in bytes; a longer one is an entry that cannot be read
     */
    public static Flux<ImportEntry> entries(Flux<DataBuffer> body, int limit, StrictJson json) {
        return LineSplitter.lines(body, limit).map(line -> new NdjsonEntry(line, limit, json));
    }
}
