package dev.freshet.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import reactor.netty.Connection;

/** A connection without a socket. The test controls its time and writability, and reads the bytes that a stream wrote. */
final class Wire {

    private static final Pattern ID = Pattern.compile("id:[0-9a-f]+-(\\d+)");

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final StringBuilder text = new StringBuilder();
    private int writes;

    Wire() {
        channel.freezeTime();
    }

    static StreamSettings settings(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("freshet.stream", StreamSettings.class);
    }

    /** Requests a stream. Returns null, or the limit that forbids it. */
    StreamLimits.@Nullable Limit request(Subscribers subscribers, StreamRequest request) {
        return subscribers.open(listener -> StreamConnection.attach(Connection.from(channel), listener), request);
    }

    /** Requests a stream, which begins at once. */
    Wire open(Subscribers subscribers, StreamRequest request) {
        if (request(subscribers, request) != null) {
            throw new IllegalStateException("Refused");
        }
        begin();
        return run();
    }

    /** Writes the headers of the response. */
    @SuppressWarnings("FutureReturnValueIgnored") // done at once
    private void begin() {
        channel.writeAndFlush(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER));
    }

    Wire writable(boolean writable) {
        Objects.requireNonNull(channel.unsafe().outboundBuffer()).setUserDefinedWritability(1, writable);
        run();
        return this;
    }

    Wire pass(Duration time) {
        for (var seconds = 0; seconds < time.toSeconds(); seconds++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            run();
        }
        return this;
    }

    /** Runs everything that is due on the event loop. */
    Wire run() {
        // Tasks that a timer starts are due in the next round.
        for (var rounds = 0; rounds < 50; rounds++) {
            channel.advanceTimeBy(1, TimeUnit.NANOSECONDS);
            channel.runPendingTasks();
        }
        return this;
    }

    /** Breaks the connection within its next write. */
    void breakAtNextWrite() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                context.pipeline().removeLast();
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // done at once
    void disconnect() {
        channel.close();
        run();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Returns the body so far, without its chunk headers. */
    String text() {
        for (Object next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            if (next instanceof ByteBuf bytes) {
                var chunk = bytes.toString(StandardCharsets.UTF_8);
                bytes.release();
                if (!chunk.isEmpty()) {
                    writes++;
                    var begin = chunk.indexOf("\r\n") + 2;
                    var size = Integer.parseInt(chunk.substring(0, begin - 2), 16);
                    // Each write is one chunk of the announced size.
                    text.append(new String(
                            chunk.substring(begin).getBytes(StandardCharsets.UTF_8), 0, size, StandardCharsets.UTF_8));
                }
            } else if (!(next instanceof HttpResponse)) {
                throw new IllegalStateException("Unexpected output: " + next);
            }
        }
        return text.toString();
    }

    void forget() {
        text();
        text.setLength(0);
        writes = 0;
    }

    /** Returns the count of writes of the body. */
    int writes() {
        text();
        return writes;
    }

    List<Long> seqs() {
        return ID.matcher(text())
                .results()
                .map(result -> Long.valueOf(result.group(1)))
                .toList();
    }
}
