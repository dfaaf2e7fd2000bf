/** Feeds: the predicate over articles, and the names that accounts follow. */
@NullMarked
package dev.freshet.feed;

import org.jspecify.annotations.NullMarked;
