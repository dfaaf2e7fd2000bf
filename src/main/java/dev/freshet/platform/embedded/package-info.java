/**
 * Real PostgreSQL and Redis servers that this program starts when it is given no URLs of others. No other package
 * imports this one: it communicates only through the properties {@code freshet.postgres.url} and {@code
 * freshet.redis.url}.
 *
 * <p>Both servers run detached from this process's group, so that a Ctrl-C at the terminal reaches the program and not
 * its stores. They stop after the application context is closed. A {@link dev.freshet.platform.embedded.DataFolder} is
 * locked while the program lives. So a server that runs in an unlocked folder is an orphan, and is stopped before a new
 * one starts.
 */
@NullMarked
package dev.freshet.platform.embedded;

import org.jspecify.annotations.NullMarked;
