/**
 * Fetches addresses that users name. All such requests pass through {@link dev.freshet.platform.outbound.Fetcher}, so that
 * no user can make the server contact internal machines. Imports use it.
 */
@NullMarked
package dev.freshet.platform.outbound;

import org.jspecify.annotations.NullMarked;
