package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The start of a stream as a cursor.
 *
 * @param reset why it differs from the client's cursor; null if it does not
 */
record StreamStart(Cursor cursor, @Nullable ResetReason reset) {

    /** Finds the cursor of a position. Reads the log only where the ring does not reach back to it. */
    static Mono<StreamStart> find(StartPosition position, FrameSource.Bounds ring, FeedLog feedLog) {
        return switch (position) {
            case StartPosition.Latest latest -> Mono.just(at(ring.end()));
            case StartPosition.Earliest earliest -> feedLog.extent().map(extent -> at(extent.beginning()));
            case StartPosition.AtTime from -> feedLog.before(from.time()).map(StreamStart::at);
            case StartPosition.UnknownCursor unknown ->
                Mono.just(new StreamStart(ring.end(), ResetReason.UNKNOWN_HISTORY));
            case StartPosition.AfterCursor after -> after(after.cursor(), ring, feedLog);
        };
    }

    private static StreamStart at(Cursor cursor) {
        return new StreamStart(cursor, null);
    }

    private static Mono<StreamStart> after(Cursor cursor, FrameSource.Bounds ring, FeedLog feedLog) {
        if (cursor.epoch() == ring.epoch() && cursor.seq() <= ring.last() && cursor.seq() >= ring.first() - 1) {
            return Mono.just(at(cursor));
        }
        return feedLog.extent().map(extent -> {
            if (cursor.epoch() != extent.epoch() || cursor.seq() > extent.last()) {
                return new StreamStart(extent.end(), ResetReason.UNKNOWN_HISTORY);
            }
            return cursor.seq() < extent.first() - 1
                    ? new StreamStart(extent.end(), ResetReason.HISTORY_PRUNED)
                    : at(cursor);
        });
    }
}
