/**
 * Subscriptions: events that are delivered to other systems.
 *
 * <h2>Overview</h2>
 * A subscription has a feed, a target and a cursor in the feed log. {@link dev.freshet.delivery.DeliveryWorker} claims
 * subscriptions that are behind the tail, and a {@link dev.freshet.delivery.DeliveryRun} delivers their next events to
 * their {@link dev.freshet.delivery.TargetType}. {@link dev.freshet.delivery.EventReader} reads the log.
 * {@link dev.freshet.delivery.Subscriptions} is what their owners can do with them.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>All state is in PostgreSQL, in the table {@code subscription}. The log is the only queue.
 *   <li>A claim is a lease of four seconds and a fencing number. The instance that has it renews the lease while it
 *       delivers, and releases it when the subscription has caught up.
 *   <li>Each change of a cursor names the fencing number of its claim, and has no effect once that number has changed.
 *   <li>The worker is woken by the tail, by changes of subscriptions on this instance, and at the earliest time at which
 *       a retry is due or a lease ends. It is one pipeline; no thread belongs to it.
 * </ul>
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>A target receives each event of its feed after the cursor in order and at least once, or a reset.
 *   <li>An event is skipped only into the list of rejected events. While that list is full, the subscription waits.
 *   <li>A slow or failing target uses at most half of the places of an instance.
 *   <li>After an instance stopped without notice, another one continues within five seconds.
 *   <li>Without subscriptions that are behind the tail, no statement is sent except a look every 30 s.
 * </ul>
 */
@NullMarked
package dev.freshet.delivery;

import org.jspecify.annotations.NullMarked;
