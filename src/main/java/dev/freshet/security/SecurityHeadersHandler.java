package dev.freshet.security;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslHandler;

/** Gives the headers to what the web server answers by itself: requests that it can't read never get to the filters. */
@ChannelHandler.Sharable
final class SecurityHeadersHandler extends ChannelOutboundHandlerAdapter {

    private static final int FIRST_ERROR = 400;
    private static final String ALWAYS_THERE = "X-Content-Type-Options";

    private final SecurityHeaders headers;

    SecurityHeadersHandler(SecurityHeaders headers) {
        this.headers = headers;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // told by the promise
    public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response
                && response.status().code() >= FIRST_ERROR
                && !response.headers().contains(ALWAYS_THERE)) {
            var overTls = to.pipeline().get(SslHandler.class) != null;
            headers.of(overTls).forEach(response.headers()::set);
        }
        to.write(message, promise);
    }
}
