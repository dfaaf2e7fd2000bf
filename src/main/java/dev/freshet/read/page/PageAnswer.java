package dev.freshet.read.page;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What a client that asked for a page gets. It may be given to many.
 *
 * @param status 200, or 304 where the client has the page already
 * @param headers not to be changed
 * @param page null for a 304
 */
record PageAnswer(int status, HttpHeaders headers, @Nullable RenderedPage page, boolean compressed) {

    /** Returns the body; null for none. It needs no release. */
    @Nullable
    ByteBuf body() {
        return page == null ? null : page.body(compressed);
    }
}
