/** Feeds: the predicate over articles, and what accounts follow. */
@NullMarked
package dev.freshet.feed;

import org.jspecify.annotations.NullMarked;
