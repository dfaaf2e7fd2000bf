/** Connections to PostgreSQL and Redis. */
@NullMarked
package dev.freshet.platform.store;

import org.jspecify.annotations.NullMarked;
