package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.signin.BrowserSessions;
import dev.freshet.limit.ClientRates;
import dev.freshet.stream.FeedStreams;
import dev.freshet.testing.Freshet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/** The state machine of a socket, with the time of the test. */
class SocketProtocolTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final GraphQlSettings.Socket SETTINGS =
            new GraphQlSettings.Socket(Duration.ofSeconds(3), Duration.ofSeconds(15), 100, DataSize.ofKilobytes(1), 1);
    private static final String INIT = "{\"type\":\"connection_init\"}";
    private static final String ACK = "{\"type\":\"connection_ack\"}";
    private static final String PING = "{\"type\":\"ping\"}";

    private final List<SocketSession> closed = new ArrayList<>();
    private final SocketSession.Registry registry = new SocketSession.Registry() {
        @Override
        public boolean opened(SocketSession session) {
            return isPermitted;
        }

        @Override
        public void closed(SocketSession session) {
            closed.add(session);
        }
    };
    private boolean isPermitted = true;
    private EmbeddedChannel channel;
    private SocketConnection connection;

    @BeforeEach
    void open() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(NettyPipeline.ReactiveBridge, new ChannelInboundHandlerAdapter());
        var services = new SocketServices(
                INSTANCE.bean(Operations.class),
                INSTANCE.bean(FeedStreams.class),
                INSTANCE.bean(ClientRates.class),
                new SocketAuthentication(presented -> Mono.empty(), INSTANCE.bean(BrowserSessions.class)),
                SETTINGS,
                JsonMapper.shared());
        connection = SocketConnection.attach(
                Connection.from(channel),
                SETTINGS,
                attached ->
                        new SocketSession(attached, services, Origin.UNKNOWN, Mono.just(Optional.empty()), registry));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void initialisationIsAcknowledged() {
        send(INIT);

        assertThat(sent()).containsExactly(ACK);
    }

    @Test
    void messageThatArrivedBeforeTheTakeOverIsHandled() {
        var middle = INIT.length() / 2;
        var first = new TextWebSocketFrame(false, 0, INIT.substring(0, middle));
        connection.receiveEarly(first);
        first.release();
        channel.writeInbound(new ContinuationWebSocketFrame(true, 0, INIT.substring(middle)));

        assertThat(sent()).containsExactly(ACK);
    }

    @Test
    void socketWithoutInitialisationIsClosed() {
        pass(Duration.ofSeconds(2));
        assertThat(sent()).isEmpty();
        pass(Duration.ofSeconds(2));

        assertThat(sent()).containsExactly("close 4408");
    }

    @Test
    void secondInitialisationClosesTheSocket() {
        send(INIT);
        send(INIT);

        assertThat(sent()).containsExactly(ACK, "close 4429");
    }

    @Test
    void subscriptionBeforeTheAcknowledgementClosesTheSocket() {
        send("{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{}}");

        assertThat(sent()).containsExactly("close 4401");
    }

    @Test
    void invalidMessagesCloseTheSocket() {
        for (var message : List.of(
                "",
                "x",
                "[]",
                "{}",
                "{\"type\":1}",
                "{\"type\":\"unknown\"}",
                "{\"type\":\"subscribe\",\"payload\":{}}",
                "{\"type\":\"subscribe\",\"id\":\"\",\"payload\":{}}",
                "{\"type\":\"subscribe\",\"id\":\"" + "1".repeat(101) + "\",\"payload\":{}}",
                "{\"type\":\"subscribe\",\"id\":\"1\"}",
                "{\"type\":\"complete\"}",
                "{\"type\":\"connection_init\",\"payload\":[]}")) {
            open();
            send(message);

            assertThat(sent()).as(message).containsExactly("close 4400");
        }
    }

    @Test
    void bytesCloseTheSocket() {
        channel.writeInbound(new BinaryWebSocketFrame(bytes("{}")));

        assertThat(sent()).containsExactly("close 4400");
    }

    @Test
    void tooLongMessageClosesTheSocket() {
        channel.writeInbound(new TextWebSocketFrame(false, 0, "x".repeat(800)));
        try {
            channel.writeInbound(new ContinuationWebSocketFrame(true, 0, "x".repeat(800)));
        } catch (TooLongFrameException reported) {
            // The embedded channel reports it too.
        }

        assertThat(sent()).containsExactly("close 1009");
    }

    @Test
    void messagesAfterTheCloseFrameAreIgnored() {
        send("x");
        send(INIT);
        assertThat(sent()).containsExactly("close 4400");
        assertThat(channel.isActive()).isTrue();

        channel.writeInbound(new CloseWebSocketFrame());
        assertThat(channel.isActive()).isFalse();
        assertThat(closed).hasSize(1);
    }

    @Test
    void clientThatIgnoresTheCloseFrameIsDisconnected() {
        send("x");
        pass(Duration.ofSeconds(11));

        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void closeFrameIsAnswered() {
        channel.writeInbound(new CloseWebSocketFrame(1000, "done"));

        assertThat(sent()).containsExactly("close -1");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void pingsAreAnsweredInBothForms() {
        send("{\"type\":\"ping\",\"payload\":{\"a\":1}}");
        send(PING);
        channel.writeInbound(new PingWebSocketFrame(bytes("x")));

        assertThat(sent())
                .containsExactly("{\"type\":\"pong\",\"payload\":{\"a\":1}}", "{\"type\":\"pong\"}", "pong x");
    }

    @Test
    void serverPingsAndDisconnectsASilentClient() {
        send(INIT);
        sent();
        for (var i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(15));
            assertThat(sent()).containsExactly(PING);
            send("{\"type\":\"pong\"}");
        }
        // The first interval still has the last pong.
        for (var i = 0; i < 3; i++) {
            assertThat(channel.isActive()).isTrue();
            pass(Duration.ofSeconds(15));
        }
        pass(Duration.ofSeconds(15));

        assertThat(channel.isActive()).isFalse();
        assertThat(closed).hasSize(1);
    }

    @Test
    void unwritableSocketReadsNothing() {
        send(INIT);
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();

        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void socketBeyondTheLimitOfItsAddressIsClosed() {
        isPermitted = false;
        open();

        assertThat(sent()).containsExactly("close 1013");
    }

    private void send(String message) {
        channel.writeInbound(new TextWebSocketFrame(message));
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** Returns what the server has sent since the last call. */
    private List<String> sent() {
        channel.runPendingTasks();
        if (channel.isOpen()) {
            channel.flushOutbound();
        }
        var texts = new ArrayList<String>();
        for (Object frame; (frame = channel.readOutbound()) != null; ) {
            texts.add(
                    switch (frame) {
                        case TextWebSocketFrame text -> text.text();
                        case CloseWebSocketFrame close -> "close " + close.statusCode();
                        case PongWebSocketFrame pong -> "pong " + pong.content().toString(StandardCharsets.UTF_8);
                        default -> frame.toString();
                    });
            ReferenceCountUtil.release(frame);
        }
        return texts;
    }
}
