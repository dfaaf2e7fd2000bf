/** The feed log: append in the caller's transaction, read after a cursor, NOTIFY. */
@NullMarked
package dev.freshet.log.feedlog;

import org.jspecify.annotations.NullMarked;
