/**
 * Sources: feeds elsewhere whose entries become articles.
 *
 * <h2>Overview</h2>
 * {@link dev.freshet.content.source.PollWorker} claims hosts that have a source to poll. A
 * {@link dev.freshet.content.source.HostRun} polls the first of them. {@link dev.freshet.content.source.Poll} fetches the
 * feed and passes new entries to the importer. {@link dev.freshet.content.source.Sources} has the operations of owners.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>All state is in PostgreSQL, in the tables {@code polled_source}, {@code polled_host} and {@code poll}.
 *   <li>A claim is of a host, so that a host receives one request at a time. It is a lease of five seconds with a fencing
 *       number, which the instance renews during the poll.
 *   <li>The begin of a poll and each change by the owner increase the fencing number of the source. Articles and results
 *       are written only under the present number.
 *   <li>The worker is one pipeline. It is woken by changes of sources on this instance, and at the time at which the next
 *       host is due. Documents are parsed on the threads named {@code intake}, two at a time.
 * </ul>
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>An entry is imported again only if it has changed. Its article is recognised by the id of the entry.
 *   <li>After an instance stopped without notice, another one continues at the end of the lease.
 *   <li>Without sources that are due, no statement is sent except a look every 30 s.
 * </ul>
 */
@NullMarked
package dev.freshet.content.source;

import org.jspecify.annotations.NullMarked;
