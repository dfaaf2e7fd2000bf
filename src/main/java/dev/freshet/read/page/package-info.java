/** Pages of feeds: reading, exact caching, conditional requests, and the fast path. */
@NullMarked
package dev.freshet.read.page;

import org.jspecify.annotations.NullMarked;
