/**
 * The feed log: the append-only table of events.
 *
 * <h2>Overview</h2>
 * {@link dev.freshet.log.feedlog.FeedLog} writes articles with their events, reads entries after a position,
 * and selects those that a {@link dev.freshet.log.feedlog.Condition} matches. A
 * {@link dev.freshet.log.feedlog.Cursor} is a position.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>All state is in PostgreSQL. The row {@code feed_clock} orders the transactions of all instances: its lock is
 *       the last that a statement takes, and is held until its commit.
 *   <li>Appends use the main pool. Reads have a pool of their own. Results arrive on the event loop
 *       of the driver.
 *   <li>A {@link dev.freshet.log.feedlog.CommitListener} is called after the commit, on the event loop that committed.
 * </ul>
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>The seq has no gaps, and its order is the order of commits.
 *   <li>Each commit sends a NOTIFY. It is a hint that may be lost.
 * </ul>
 */
@NullMarked
package dev.freshet.log.feedlog;

import org.jspecify.annotations.NullMarked;
