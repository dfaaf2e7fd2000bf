/**
 * Formats of imports: documents and lines become drafts of package {@code article}.
 *
 * <p>{@link dev.freshet.content.format.FeedDocument} reads documents and {@link dev.freshet.content.format.Ndjson} reads
 * lines. Both return entries that are parsed later. XML is parsed strictly, else leniently, into one tree
 * ({@code XmlParser}); {@code XmlEntry} and {@code JsonFeed} map entries to {@code FeedEntry}, which repairs their fields.
 * Nothing here waits or writes.
 */
@NullMarked
package dev.freshet.content.format;

import org.jspecify.annotations.NullMarked;
