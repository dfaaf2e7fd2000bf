package dev.freshet.content.article;

import dev.freshet.log.feedlog.Cursor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What was made of a change that is committed.
 *
 * @param cursor a position of the feed log from which on readers see it; null where they need not hear of it
 */
record CommitResult<T>(T value, @Nullable Cursor cursor) {

    /** The value, once its events are written. */
    static <T> Mono<CommitResult<T>> after(Mono<Cursor> written, T value) {
        return written.map(cursor -> new CommitResult<>(value, cursor)).defaultIfEmpty(new CommitResult<>(value, null));
    }
}
