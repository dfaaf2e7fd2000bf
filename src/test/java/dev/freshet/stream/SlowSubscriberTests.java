package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.CapturesOutput;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.system.CapturedOutput;
import reactor.core.publisher.Flux;

/** Invariant 5 over a real socket: a client that stops reading uses bounded memory and delays no other. */
@Timeout(600)
@CapturesOutput
class SlowSubscriberTests {

    // The high water mark of a connection's write buffer (64 KiB) and one batch (32 KiB and a frame).
    private static final long BOUND = 64 * 1024 + 32 * 1024 + 4096;

    @Test
    void stalledClientUsesBoundedBuffersAndDelaysNobody(CapturedOutput output) throws IOException {
        try (var stuck = new Socket()) {
            try (var instance = Freshet.start(
                            Stores.database(),
                            "",
                            Map.of("freshet.samples", "false", "freshet.stream.ring-events", "64"));
                    var reader = Reader.open(() -> instance, "", end(instance))) {
                stuck.setReceiveBufferSize(4096);
                stuck.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), instance.port()));
                var request = List.of(
                        "GET /api/v1/articles?since=earliest HTTP/1.1",
                        "Host: localhost",
                        "Accept: text/event-stream",
                        "",
                        "");
                stuck.getOutputStream().write(String.join("\r\n", request).getBytes(StandardCharsets.US_ASCII));
                var subscribers = Objects.requireNonNull(
                                instance.bean(LiveStreams.class).live().block(TIMEOUT))
                        .subscribers();
                until(() -> subscribers.count() == 2);

                var log = new LogWriter(instance);
                // 12 MB, which is more than the buffers of the sockets hold, so that the server has to wait.
                var title = "x".repeat(2000);
                var last = Flux.range(0, 60)
                        .concatMap(i -> log.publishAll(100, title, "flood"))
                        .blockLast(TIMEOUT);
                reader.reached(Objects.requireNonNull(last)).block(TIMEOUT);

                assertThat(reader.seqs())
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(reader.start().seq() + 1, last.seq())
                                        .boxed()
                                        .toList());
                assertThat(subscribers.count()).isEqualTo(2);
                var held = subscribers.all().stream()
                        .mapToLong(Subscriber::pendingBytes)
                        .sum();
                assertThat(held).isPositive().isLessThanOrEqualTo(BOUND);
            }
            assertThat(output).doesNotContain("Failed to stop bean");
        }
    }

    private static Cursor end(Freshet instance) {
        return Objects.requireNonNull(
                instance.bean(FeedLog.class).extent().map(Extent::end).block(TIMEOUT));
    }
}
