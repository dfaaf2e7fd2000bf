package dev.freshet.stream;

import dev.freshet.feed.Feed;

/**
 * A stream that a client requests.
 *
 * @param follow whether to continue after the events that the log has now
 * @param announce whether to send a notice once all missed events have been sent
 */
public record StreamOrder(Feed feed, StreamFormat format, StartPosition start, boolean follow, boolean announce) {}
