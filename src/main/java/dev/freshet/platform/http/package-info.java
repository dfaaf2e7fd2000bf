/** The HTTP edge: security headers, CORS, timeouts, trusted proxies, representations. */
@NullMarked
package dev.freshet.platform.http;

import org.jspecify.annotations.NullMarked;
