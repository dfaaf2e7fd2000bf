/**
 * Images of articles. Uploads are encoded again without metadata, and stored in a folder or a bucket. Images are immutable
 * and are deleted when no article uses them.
 *
 * <p>Asynchronous channels copy bytes between sockets and files on the event loop. Opening and moving files blocks, so it
 * runs on Reactor's elastic threads. Decoding and encoding run on a few threads named {@code image} with a bounded queue.
 */
@NullMarked
package dev.freshet.content.image;

import org.jspecify.annotations.NullMarked;
