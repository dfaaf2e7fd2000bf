package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * A parsed request for a page, without its HTTP conditions.
 *
 * @param floor a position that the page must not precede; null for none
 */
record PageRequest(Query query, @Nullable Cursor floor) {}
