/**
 * The tail of the feed log: hints and fast copies in, events in order without a gap out.
 *
 * <p>Two {@link dev.freshet.log.tail.Tail tails} listen, one to PostgreSQL's NOTIFY, one to the Redis Stream. Their
 * signals may be lost, repeated or out of order. They run on their drivers' event loops and only record signals. One
 * {@link dev.freshet.log.tail.Follower} owns the position: it takes copies that continue it, fills every gap from the
 * feed log, and alone advances. The {@link dev.freshet.log.tail.Relay} copies entries from the log to Redis. It holds
 * no essential state, since Redis itself refuses a copy that would leave a gap.
 */
@NullMarked
package dev.freshet.log.tail;

import org.jspecify.annotations.NullMarked;
