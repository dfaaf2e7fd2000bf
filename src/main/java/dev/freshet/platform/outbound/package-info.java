/**
 * Requests to addresses that users name. Imports use {@link dev.freshet.platform.outbound.Fetcher}, and deliveries use
 * {@link dev.freshet.platform.outbound.Poster}. Both contact only permitted machines, so that no user can make the server
 * contact internal ones.
 */
@NullMarked
package dev.freshet.platform.outbound;

import org.jspecify.annotations.NullMarked;
