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

    /**
     * Returns the article of a single line.
     *
     * @param number its position, from 1
     */
    public static ImportEntry entry(int number, byte[] line, int limit, StrictJson json) {
        return new NdjsonEntry(
                line.length > limit ? new NdjsonLine.TooLong(number) : new NdjsonLine.Text(number, line), limit, json);
    }
}
