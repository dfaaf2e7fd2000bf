/**
 * The live end of the feed log: hints and fast copies in, events in order without a gap out. Streams use it.
 *
 * <p>Two {@link dev.freshet.log.tail.Tail tails} listen, one to PostgreSQL's NOTIFY, one to the Redis Stream. What they say
 * may be lost, repeated or out of order; they run on their drivers' event loops and only note what they heard. One
 * {@link dev.freshet.log.tail.Follower} owns the position: it takes copies that continue it, fills every gap from the feed
 * log, and is the only one to advance. The {@link dev.freshet.log.tail.Relay} copies what was read from the log to Redis;
 * it holds no state that matters, since Redis itself refuses a copy that would leave a hole.
 */
@NullMarked
package dev.freshet.log.tail;

import org.jspecify.annotations.NullMarked;
