/**
 * Pages of feeds: reading, exact caching, conditional requests, and the fast path.
 *
 * <h2>Overview</h2>
 * Two entries parse requests: {@link dev.freshet.read.page.CachedPageRoute} for public pages, in front of the filters, and
 * {@link dev.freshet.read.page.PageHandler} for all others. Both call
 * {@link dev.freshet.read.page.PageResponder}, which handles conditions and headers.
 * {@link dev.freshet.read.page.CachedPages} finds a page in memory. {@link dev.freshet.read.page.PageLoader} finds it in Redis,
 * or has {@link dev.freshet.read.page.PageReader} read and render it. {@link dev.freshet.read.page.PageValidity} decides whether
 * a page is current. Formats of other packages are a {@link dev.freshet.read.page.PageRenderer}.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>{@link dev.freshet.read.page.LastChanges}: written by the tail's thread and by commits, read by any thread.
 *   <li>{@link dev.freshet.read.page.LocalPages} and the running loads: thread-safe.
 *   <li>Requests run on their event loop. Reads continue on the event loop of the driver.
 * </ul>
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>After an event was delivered to a stream of this instance, no older page of a feed that it matches is returned.
 *   <li>A page is read once at a time per instance, and its first page once in the cluster.
 *   <li>While PostgreSQL is unavailable, an outdated page is returned and marked.
 * </ul>
 */
@NullMarked
package dev.freshet.read.page;

import org.jspecify.annotations.NullMarked;
