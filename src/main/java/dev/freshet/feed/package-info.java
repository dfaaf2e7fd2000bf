/**
 * Feeds: the predicate over articles, its parameters, and the names that accounts follow.
 *
 * <p>{@link dev.freshet.feed.FeedEndpoint} is the entry for requests: it parses them and calls the bean that responds in the
 * representation, which is in {@code read.page} or {@code stream}. {@link dev.freshet.feed.Feed} is the predicate. Streams and
 * the page cache apply it to entries of the log; {@code read.page} expresses it in SQL. {@link dev.freshet.feed.FeedRule} adds
 * the search, for streams.
 */
@NullMarked
package dev.freshet.feed;

import org.jspecify.annotations.NullMarked;
