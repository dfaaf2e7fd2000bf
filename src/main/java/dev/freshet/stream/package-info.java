/**
 * Open streams: frames, the ring, subscribers and their catch-up, as SSE and NDJSON. Nothing but the program's assembly
 * uses it.
 *
 * <p>Who owns what: one thread at a time (the follower's) appends to the {@link dev.freshet.stream.Ring}; anyone may
 * read it without a lock. A {@link dev.freshet.stream.Subscriber} belongs to the event loop of its connection, which
 * alone touches its state: writability, timers, results of catch-up reads and news all arrive there.
 * {@link dev.freshet.stream.Group} is what such a loop has to do for its subscribers: it serves those at the live end by
 * {@link dev.freshet.stream.Topic}, and gives those behind their turn to pull.
 *
 * <p>A subscriber holds a position and no queue. The page at hand, which it shares with others at the same place, and the
 * connection's write buffer are all that a slow reader can cost. Ending, whoever causes it (client, limit, drain,
 * operator), passes through one method that releases the page, the read under way and the place in its topic.
 *
 * <p>{@link dev.freshet.stream.StreamConnection} is the border to Netty and the web server: all else here neither knows a pipeline
 * nor a protocol's frames.
 */
@NullMarked
package dev.freshet.stream;

import org.jspecify.annotations.NullMarked;
