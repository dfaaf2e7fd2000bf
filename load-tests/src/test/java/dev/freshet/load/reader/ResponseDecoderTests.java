package dev.freshet.load.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseDecoderTests {

    private static final String SSE = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;charset=UTF-8\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "7\r\nretry: \r\n"
            + "7\r\n1000\n\n:\r\n1\r\n\n\r\n10\r\n\nid: 1\ndata: á\n\r\n"
            + "d;ext=1\r\n\nid: 2\ndata: \r\n3\r\nb\n\n\r\n0\r\nTrailer: x\r\n\r\n";

    private static final String NDJSON = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n\r\n"
            + "{\"a\":1}\n\n{\"b\":\"" + "x".repeat(1000) + "\"}\n{\"partial";

    private static final String PAGE =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n" + "{\n\n\"a\":1}";

    @Test
    void chunkedResponseArrivesInBlocksOfAnySize() {
        for (var seed = 0; seed < 300; seed++) {
            var received = decode(SSE, new Random(seed), true);
            assertThat(received.events).containsExactly("retry: 1000", ":", "id: 1\ndata: á", "id: 2\ndata: b");
            assertThat(received.opened).isEqualTo(200);
            assertThat(received.complete).isTrue();
        }
    }

    @Test
    void completeLinesArriveWhenTheConnectionEnds() {
        for (var seed = 0; seed < 300; seed++) {
            var received = decode(NDJSON, new Random(seed), false);
            assertThat(received.events).containsExactly("{\"a\":1}", "", "{\"b\":\"" + "x".repeat(1000) + "\"}");
            assertThat(received.complete).isTrue();
        }
    }

    @Test
    void pageIsOneEvent() {
        for (var seed = 0; seed < 100; seed++) {
            assertThat(decode(PAGE, new Random(seed), true).events).containsExactly("{\n\n\"a\":1}");
        }
    }

    @Test
    void cutWithinChunkIsNotComplete() {
        var received = decode(SSE.substring(0, SSE.length() - 20), new Random(1), false);
        assertThat(received.complete).isFalse();
        assertThat(received.events).hasSize(3);
    }

    @Test
    void otherProtocolIsRefused() {
        assertThatThrownBy(() -> decode("SSH-2.0-OpenSSH_9.2\r\n\r\n", new Random(1), false))
                .isInstanceOf(RuntimeException.class);
    }

    private static Received decode(String response, Random random, boolean completes) {
        var received = new Received();
        var decoder = new ResponseDecoder(received);
        var bytes = response.getBytes(StandardCharsets.UTF_8);
        for (var at = 0; at < bytes.length; ) {
            var length = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(8)));
            var buffer = Unpooled.copiedBuffer(bytes, at, length);
            received.complete = decoder.decode(buffer, 0);
            at += length;
        }
        if (!completes) {
            received.complete = decoder.endOfConnection(0);
        }
        decoder.release();
        return received;
    }

    private static final class Received implements StreamListener {

        private final List<String> events = new ArrayList<>();
        private int opened;
        private boolean complete;

        @Override
        public void opened(int status, Map<String, String> headers) {
            opened = status;
        }

        @Override
        public void event(ByteBuf bytes, int from, int to, long atNanos) {
            events.add(bytes.toString(from, to - from, StandardCharsets.UTF_8));
        }

        @Override
        public void ended(End end) {}
    }
}
