/**
 * Reads addresses that users name. Whatever does so goes through here, so that nobody makes this server ask what only it can
 * reach. Uses no feature.
 */
@NullMarked
package dev.freshet.platform.outbound;

import org.jspecify.annotations.NullMarked;
