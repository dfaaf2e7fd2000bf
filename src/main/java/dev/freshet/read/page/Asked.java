package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * What a request for a page asks for, its conditions aside.
 *
 * @param floor a position that the page must not be older than; null for none
 */
record Asked(Query query, @Nullable Cursor floor) {}
