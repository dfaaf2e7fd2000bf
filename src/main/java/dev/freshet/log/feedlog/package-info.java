/** The feed log: appending in the caller's transaction, reading after a cursor, NOTIFY. Imports no feature; any feature may use it. */
@NullMarked
package dev.freshet.log.feedlog;

import org.jspecify.annotations.NullMarked;
