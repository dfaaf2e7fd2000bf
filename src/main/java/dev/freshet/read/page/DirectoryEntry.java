package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.platform.http.Representation;
import java.time.Instant;

/**
 * A feed of the directory.
 *
 * @param key the key of its name
 * @param name the name that was written first
 * @param articles number of published articles in it
 * @param changedAt time of the last publication, change or withdrawal in it
 */
public record DirectoryEntry(FeedKind kind, String key, String name, long articles, Instant changedAt) {

    Feed feed() {
        return kind.feed(key);
    }

    /** Returns the key of the part after this entry, which is opaque to clients. */
    public String partKey() {
        return new DirectoryKey(articles, kind, key).toString();
    }

    /** Returns the address of the feed's first page as JSON. */
    public String href() {
        return PageQuery.first(Representation.JSON, feed()).address();
    }
}
