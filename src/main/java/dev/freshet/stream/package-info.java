/**
 * Open streams: frames, the ring, subscribers and their catch-up, as SSE and NDJSON. Nothing but the program's assembly
 * uses it.
 *
 * <p>Who owns what: one thread at a time (the follower's) appends to the {@link dev.freshet.stream.Ring}; anyone may
 * read it without a lock. A {@link dev.freshet.stream.Subscriber} belongs to the event loop of its connection, which
 * alone touches its state: requests, writability, timers, results of catch-up reads and wake-ups all arrive there.
 * {@link dev.freshet.stream.Subscribers} groups them by event loop and wakes each loop once per batch, however many
 * subscribers it has.
 *
 * <p>A subscriber holds a position and no queue. When its connection is writable it takes the next frames from the ring;
 * behind the ring it reads the feed log a page at a time. The page at hand and the connection's write buffer are all
 * that a slow reader can cost. Ending, whoever causes it (client, lag, drain), passes through one method that releases
 * the page, the read under way, the timer and the connection's handler.
 */
@NullMarked
package dev.freshet.stream;

import org.jspecify.annotations.NullMarked;
