/**
 * The HTTP edge: limits, timers and headers of requests and responses before they reach a feature.
 *
 * <p>{@link dev.freshet.platform.http.HttpServerConfiguration} is the entry: it configures the web server with all of them. The
 * packages above use {@link dev.freshet.platform.http.Representation} to negotiate,
 * {@link dev.freshet.platform.http.SecurityHeaders} and {@link dev.freshet.platform.http.ClientAddress}.
 *
 * <h2>State and threads</h2>
 * Handlers and timers of a connection run on its event loop, which owns their state. All other types are immutable.
 */
@NullMarked
package dev.freshet.platform.http;

import org.jspecify.annotations.NullMarked;
