package dev.freshet.content.article;

import dev.freshet.log.feedlog.AppendResult;
import dev.freshet.log.feedlog.Cursor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The result of a committed change.
 *
 * @param cursor the position of the feed log from which readers see the change; null if it caused no event
 */
public record CommitResult<T>(T value, @Nullable Cursor cursor) {

    /** Returns the value after its events are written. */
    static <T> Mono<CommitResult<T>> after(Mono<AppendResult> written, T value) {
        return written.map(result -> new CommitResult<>(value, result.last()));
    }
}
