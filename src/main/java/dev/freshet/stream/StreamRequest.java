package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The parsed request for a stream.
 *
 * @param start cursor after which the stream begins
 * @param reset why the start differs from the client's cursor; null if it does not
 * @param end the seq after which the stream ends, or {@code Long.MAX_VALUE} to follow
 * @param announce whether to send a notice once all missed events have been sent
 */
record StreamRequest(
        StreamClient client,
        Feed feed,
        StreamFormat format,
        Cursor start,
        @Nullable ResetReason reset,
        long end,
        boolean announce) {

    /** Returns the part that the stream needs as long as it is open. */
    StreamTerms terms() {
        return new StreamTerms(client, feed, format, end, announce);
    }
}
