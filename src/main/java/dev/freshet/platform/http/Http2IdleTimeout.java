package dev.freshet.platform.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2FrameCodec;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.netty.NettyPipeline;

/**
 * Closes an HTTP/2 connection that carries no stream for one to two times the idle timeout. Other frames do not count: a
 * ping now and then would keep an idle connection for ever. Confined to the event loop of the connection.
 */
final class Http2IdleTimeout {

    private final Channel connection;
    private int lastStream;

    private Http2IdleTimeout(Channel connection) {
        this.connection = connection;
    }

    /**
     * Starts the timeout of a connection whose client has sent the HTTP/2 preface, instead of Reactor Netty's. That one
     * would end the streams of a silent feed.
     */
    static void start(Channel connection, Duration timeout) {
        if (connection.pipeline().get(NettyPipeline.IdleTimeoutHandler) != null) {
            connection.pipeline().remove(NettyPipeline.IdleTimeoutHandler);
        }
        var idle = new Http2IdleTimeout(connection);
        var timer = connection
                .eventLoop()
                .scheduleAtFixedRate(idle::check, timeout.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS);
        connection.closeFuture().addListener(closed -> timer.cancel(false));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends the connection in any case
    private void check() {
        var codec = connection.pipeline().get(Http2FrameCodec.class);
        if (codec == null) {
            return;
        }
        var streams = codec.connection();
        if (streams.numActiveStreams() == 0 && streams.remote().lastStreamCreated() == lastStream) {
            connection.close();
        }
        lastStream = streams.remote().lastStreamCreated();
    }
}
