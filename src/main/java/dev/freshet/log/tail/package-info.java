/**
 * The tail of the feed log: hints and fast copies in, entries in order without a gap out.
 *
 * <h2>Overview</h2>
 * Three {@link dev.freshet.log.tail.Tail tails} listen: to the commits of this instance, to PostgreSQL's NOTIFY, which contains
 * small commits, and to the Redis Stream. One {@link dev.freshet.log.tail.Follower} takes copies that continue its position and fills every gap from the feed log,
 * with one {@link dev.freshet.log.tail.EpochFollower} per epoch.
 * The {@link dev.freshet.log.tail.TailDispatcher} passes its events to each {@link dev.freshet.log.tail.TailListener} in
 * order: first the page cache, then the ring. The {@link dev.freshet.log.tail.Relay} copies entries to Redis.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>Tails run on the event loops of their drivers and only record signals. Own commits arrive on the event loop that
 *       committed.
 *   <li>The follower alone owns the position, and advances it on one thread at a time. Listeners are called there.
 *   <li>The relay holds no essential state, since Redis itself refuses a copy that would leave a gap.
 * </ul>
 *
 * <h2>Life cycle</h2>
 * The tail begins at the end of the log when the instance starts, before the web server. It stops after the streams have
 * been drained and the web server has stopped.
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>Each listener takes every entry after its first position, once and in order, or a reset.
 *   <li>A listener sees an entry only after the listeners before it have taken it.
 *   <li>A listener that throws is reset; it stops neither the tail nor another listener.
 *   <li>A lost hint or copy costs latency, bounded by the sweep, and never an entry.
 * </ul>
 */
@NullMarked
package dev.freshet.log.tail;

import org.jspecify.annotations.NullMarked;
