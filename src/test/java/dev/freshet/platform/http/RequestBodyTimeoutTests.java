package dev.freshet.platform.http;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Bodies that come slowly, in virtual time: 10 s of grace, 100 bytes a second, and imports that may pause for 60 s. */
@Isolated
@Timeout(60)
class RequestBodyTimeoutTests {

    private static final RequestBodyTimeout TIMER =
            new RequestBodyTimeout(Duration.ofSeconds(10), 100, Duration.ofSeconds(60));

    @Test
    void bodyThatComesFastEnoughMayTakeLong() {
        StepVerifier.withVirtualTime(() -> TIMER.inTime(every(Duration.ofSeconds(1), 100, 200)))
                .thenAwait(Duration.ofSeconds(200))
                .expectNextCount(200)
                .verifyComplete();
    }

    @Test
    void bodyThatIsSlowerIsGivenUpAfterTheTimeOfGrace() {
        // 50 bytes a second use up 10 s of grace in 20 s.
        StepVerifier.withVirtualTime(() -> TIMER.inTime(every(Duration.ofSeconds(1), 50, 200)))
                .thenAwait(Duration.ofSeconds(19))
                .expectNextCount(19)
                .thenAwait(Duration.ofSeconds(5))
                .thenConsumeWhile(part -> true)
                .verifyErrorMatches(error -> String.valueOf(error.getMessage()).contains("less than 100 bytes"));
    }

    @Test
    void timeInWhichNothingIsAskedForDoesNotCount() {
        StepVerifier.withVirtualTime(() -> TIMER.inTime(Flux.just(part(1), part(1), part(1))), 1)
                .expectNextCount(1)
                .thenAwait(Duration.ofHours(1))
                .thenRequest(1)
                .expectNextCount(1)
                .thenAwait(Duration.ofHours(1))
                .thenRequest(1)
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void importMayTakeForEverButNotPause() {
        StepVerifier.withVirtualTime(() ->
                        TIMER.ofImport(every(Duration.ofSeconds(50), 1, 100).concatWith(Flux.never())))
                .thenAwait(Duration.ofSeconds(5000))
                .expectNextCount(100)
                .expectNoEvent(Duration.ofSeconds(60))
                .thenAwait(Duration.ofSeconds(20))
                .verifyErrorMatches(error -> String.valueOf(error.getMessage()).contains("more than 60 seconds"));
    }

    private static Flux<DataBuffer> every(Duration pause, int size, int parts) {
        return Flux.interval(pause).onBackpressureDrop().take(parts).map(number -> part(size));
    }

    private static DataBuffer part(int size) {
        return DefaultDataBufferFactory.sharedInstance.wrap(new byte[size]);
    }
}
