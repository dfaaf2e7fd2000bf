package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for when it opened a stream.
 *
 * @param start where it begins: the first event sent is the next one of the feed after it
 * @param reset why the start is not where the client had been, if so
 * @param end the seq after which the stream ends, or {@code Long.MAX_VALUE} to follow
 * @param announce whether to tell when all that was missed has been sent
 */
record Opening(
        Client client,
        Feed feed,
        Format format,
        Cursor start,
        @Nullable Reset reset,
        long end,
        boolean announce) {}
