/**
 * Images of articles: uploads become new images without anything else that was in them, kept in a folder or a bucket, and
 * served for ever, unless no article shows them. Nothing else uses it.
 *
 * <p>Bytes go from the socket to a file and from a file to the socket, on the event loop by asynchronous channels. What
 * blocks, which is opening and moving files, happens on Reactor's elastic threads; decoding and encoding on the few that
 * are named {@code image}, for which uploads wait in a bounded queue.
 */
@NullMarked
package dev.freshet.content.image;

import org.jspecify.annotations.NullMarked;
