package dev.freshet.stream;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.freshet.testing.Alone;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Streams release all resources, however they end. */
@Alone
@Timeout(600)
class ChurnTests {

    private static final int READERS = 1000;

    private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();
    private final Logger detector = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

    @BeforeEach
    void listen() {
        leaks.start();
        detector.addAppender(leaks);
    }

    @AfterEach
    void restore() {
        detector.detachAppender(leaks);
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void closedStreamsReleaseAllMemory() throws IOException {
        var settings = Map.of(
                "freshet.samples",
                "false",
                // Small, so that many begin behind it.
                "freshet.stream.ring-events",
                "16",
                "spring.netty.leak-detection",
                "paranoid");
        try (var instance = Freshet.start(Stores.database(), "", settings)) {
            assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
            var log = new LogWriter(instance);
            log.publishAll(200, "tag").block(TIMEOUT);
            var subscribers = Objects.requireNonNull(
                            instance.bean(LiveStreams.class).live().block(TIMEOUT))
                    .subscribers();
            visit(instance).block(TIMEOUT);
            until(() -> subscribers.count() == 0);
            var files = openFiles();

            var publishing = Flux.interval(Duration.ofMillis(10))
                    .onBackpressureDrop()
                    .concatMap(tick -> log.publish("Meanwhile", "tag"))
                    .subscribe();
            Flux.range(0, READERS).flatMap(i -> visit(instance), 32).blockLast(TIMEOUT);
            publishing.dispose();

            until(() -> subscribers.count() == 0);
            assertThat(subscribers.all()).isEmpty();
            until(() -> openFiles() <= files + 8);
            // A leak is noticed at the first use of a buffer after it was collected.
            System.gc();
            visit(instance).block(TIMEOUT);
            assertThat(leaks.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .isEmpty();
        }
    }

    /** One reader: reads a little or a lot, and ends its connection properly or not. */
    private static Mono<Void> visit(Freshet instance) {
        return Mono.<Void>fromCallable(() -> {
                    var random = ThreadLocalRandom.current();
                    try (var socket = new Socket(InetAddress.getLoopbackAddress(), instance.port())) {
                        var since = random.nextBoolean() ? "earliest" : "latest";
                        var accept = random.nextBoolean() ? "text/event-stream" : "application/x-ndjson";
                        var request = "GET /api/v1/articles?since=" + since + " HTTP/1.1\r\nHost: localhost\r\nAccept: "
                                + accept + "\r\n\r\n";
                        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                        socket.getInputStream().readNBytes(random.nextInt(since.equals("earliest") ? 4000 : 200));
                        if (random.nextBoolean()) {
                            // A reset in the place of an end.
                            socket.setSoLinger(true, 0);
                        }
                    }
                    return null;
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static long openFiles() {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            // Not on Linux.
            return 0;
        }
    }
}
