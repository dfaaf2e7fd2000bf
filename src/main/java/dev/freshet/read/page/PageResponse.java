package dev.freshet.read.page;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The response to a request for a page. Several clients may share it.
 *
 * @param status 200, 226 for the changes of a page, or 304 for a client that has the page already
 * @param headers immutable
 * @param page null for a 304
 */
record PageResponse(
        int status, HttpHeaders headers, @Nullable RenderedPage page, boolean compressed) {

    /** Returns the body; null for none. It needs no release. */
    @Nullable
    ByteBuf body() {
        return page == null ? null : page.body(compressed);
    }
}
