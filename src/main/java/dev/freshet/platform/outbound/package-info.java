/**
 * Fetches addresses that users name. All such requests go through this package, so that no user can make the server
 * contact internal machines.
 */
@NullMarked
package dev.freshet.platform.outbound;

import org.jspecify.annotations.NullMarked;
