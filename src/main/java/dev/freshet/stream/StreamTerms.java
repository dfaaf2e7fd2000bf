package dev.freshet.stream;

import dev.freshet.feed.Feed;

/**
 * The part of a {@link StreamRequest} that a stream needs as long as it is open.
 *
 * @param end the seq after which the stream ends, or {@code Long.MAX_VALUE} to follow
 * @param announce whether to send a notice once all missed events have been sent
 */
record StreamTerms(StreamClient client, Feed feed, StreamFormat format, long end, boolean announce) {}
