package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.read.page.PageObjects;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Responses that are the same for every caller. Each is valid until an event matches a feed that it was made of, as a page
 * is. Bounded in bytes; safe for use by many threads.
 */
final class ResponseCache {

    /** A document with everything that its public response depends on, except the feeds. */
    record Key(String document, @Nullable String operation, Map<String, Object> variables) {}

    /**
     * A response.
     *
     * @param reads the pages that it was made of
     * @param etag the strong entity tag, with quotes
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by identity alone
    record Entry(byte[] body, List<Call.Read> reads, String etag) {

        static Entry of(byte[] body, List<Call.Read> reads) {
            return new Entry(body, reads, "\"" + DigestUtils.sha256Hex(body).substring(0, 32) + "\"");
        }
    }

    private final PageObjects pages;
    private final Cache<Key, Entry> entries;

    ResponseCache(PageObjects pages, long maxBytes) {
        this.pages = pages;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .<Key, Entry>weigher((key, entry) -> 1000 + 2 * key.document().length() + entry.body().length)
                .build();
    }

    /** Returns a valid response; null where the document has to be executed. */
    @Nullable
    Entry get(Key key) {
        var entry = entries.getIfPresent(key);
        return entry != null && isCurrent(entry) ? entry : null;
    }

    /** Returns whether no event has changed a page of a response since. */
    boolean isCurrent(Entry entry) {
        return entry.reads().stream().allMatch(read -> pages.isCurrent(read.feed(), read.readAt(), read.period()));
    }

    void put(Key key, Entry entry) {
        entries.put(key, entry);
    }
}
