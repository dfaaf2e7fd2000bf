package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Slow request bodies: 10 s of grace, 100 bytes per second, and imports that may pause for 60 s. */
@Timeout(600)
class RequestBodyTimeoutTests {

    private static final RequestBodyTimeout TIMEOUT =
            new RequestBodyTimeout(Duration.ofSeconds(10), 100, Duration.ofSeconds(60));

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
    private int received;
    private @Nullable Throwable failure;

    RequestBodyTimeoutTests() {
        channel.freezeTime();
    }

    @Test
    void fastBodyMayTakeLong() {
        subscribe(TIMEOUT.limitRate(body.asFlux(), channel.eventLoop()));
        send(200, Duration.ofSeconds(1), 100);
        body.tryEmitComplete().orThrow();
        assertThat(received).isEqualTo(200);
        assertThat(failure).isNull();
    }

    @Test
    void slowBodyFails_afterGracePeriod() {
        // 50 bytes per second use up 10 s of grace in 20 s.
        subscribe(TIMEOUT.limitRate(body.asFlux(), channel.eventLoop()));
        send(19, Duration.ofSeconds(1), 50);
        assertThat(failure).isNull();
        send(5, Duration.ofSeconds(1), 50);
        assertThat(failure).hasMessageContaining("less than 100 bytes per second");
    }

    @Test
    void timeWithoutDemandDoesNotCount() {
        StepVerifier.create(TIMEOUT.limitRate(Flux.just(buffer(1), buffer(1), buffer(1)), channel.eventLoop()), 1)
                .expectNextCount(1)
                .then(() -> pass(Duration.ofHours(1)))
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> pass(Duration.ofHours(1)))
                .thenRequest(1)
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void importMayLastLong_butNotPause() {
        subscribe(TIMEOUT.limitPauses(body.asFlux(), channel.eventLoop()));
        send(100, Duration.ofSeconds(50), 1);
        pass(Duration.ofSeconds(59));
        assertThat(failure).isNull();
        pass(Duration.ofSeconds(20));
        assertThat(failure).hasMessageContaining("no data for more than 60 s");
    }

    @Test
    void endOfBodyCancelsTimer() {
        subscribe(TIMEOUT.limitRate(body.asFlux(), channel.eventLoop()));
        assertThat(channel.runScheduledPendingTasks()).isPositive();
        body.tryEmitComplete().orThrow();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    /** A timer that is shared by event loops has a lock, on which they would park here. */
    @Test
    void eventLoopsNeverPark_whenManyBodiesEndAtOnce() throws Exception {
        var eventLoops = new MultiThreadIoEventLoopGroup(4, LocalIoHandler.newFactory());
        try {
            var error = new AtomicReference<Throwable>();
            var loops = new ArrayList<Future<?>>();
            for (EventExecutor eventLoop : eventLoops) {
                loops.add(eventLoop.submit(() -> {
                    for (var i = 0; i < 50_000; i++) {
                        TIMEOUT.limitRate(Flux.just(buffer(1)), eventLoop).subscribe(part -> {}, error::set);
                    }
                }));
            }
            for (var loop : loops) {
                loop.get();
            }
            assertThat(error.get()).isNull();
        } finally {
            eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS).await();
        }
    }

    private void subscribe(Flux<DataBuffer> timed) {
        timed.subscribe(buffer -> received++, error -> failure = error);
    }

    private void send(int buffers, Duration pause, int size) {
        for (var i = 0; i < buffers; i++) {
            pass(pause);
            body.tryEmitNext(buffer(size));
        }
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    private static DataBuffer buffer(int size) {
        return DefaultDataBufferFactory.sharedInstance.wrap(new byte[size]);
    }
}
