/**
 * Real PostgreSQL and Redis servers that this program starts for itself when it is given no URLs of others. Nothing
 * else imports this package: it speaks to the rest through the properties {@code freshet.postgres.url} and
 * {@code freshet.redis.url} alone.
 *
 * <p>Both servers are started detached from this process's group, so that a Ctrl-C at the terminal reaches the program
 * and not its stores, and are stopped after the application context is closed. A {@link dev.freshet.platform.embedded.DataFolder}
 * is locked while the program lives; so a server that is found running in an unlocked folder is an orphan, and is
 * stopped before a new one starts.
 */
@NullMarked
package dev.freshet.platform.embedded;

import org.jspecify.annotations.NullMarked;
