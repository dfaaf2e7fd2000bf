package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the directory of feeds.
 *
 * @param entries the largest first, then by kind and key
 * @param cursor the position in the feed log at which it was read
 * @param changedAt time of the feed log's last event
 * @param more whether further feeds follow
 */
public record DirectoryPart(List<DirectoryEntry> entries, Cursor cursor, Instant changedAt, boolean more) {

    @Nullable
    String next(DirectoryQuery query) {
        if (!more) {
            return null;
        }
        var last = entries.getLast();
        return query.from(new DirectoryKey(last.articles(), last.kind(), last.key()))
                .address();
    }
}
