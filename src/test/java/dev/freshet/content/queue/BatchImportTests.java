package dev.freshet.content.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

class BatchImportTests {

    private final TestPublisher<List<String>> store = TestPublisher.create();

    private static BatchImport importing(Mono<List<String>> result) {
        return new BatchImport(
                messages -> result,
                new QueueStatus("test", new SimpleMeterRegistry()),
                new FixedBackOff(1, FixedBackOff.UNLIMITED_ATTEMPTS),
                Duration.ofMillis(1));
    }

    @Test
    void importIsCancelledOnceItsMessagesBelongToAnother() throws InterruptedException {
        assertThat(importing(store.mono()).take(List.of(), () -> false)).isNull();

        store.assertCancelled();
    }

    @Test
    void importIsCancelledOnceTheProgramStops() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> importing(store.mono()).take(List.of(), () -> true));

        store.assertCancelled();
    }

    @Test
    void importIsRepeatedWhileTheStoreFails() throws InterruptedException {
        var attempts = new AtomicInteger();
        var result = Mono.defer(() -> attempts.incrementAndGet() < 3
                ? Mono.<List<String>>error(new IllegalStateException("away"))
                : Mono.just(List.of(QueueIntake.ACCEPTED)));

        assertThat(importing(result).take(List.of(), () -> true)).containsExactly(QueueIntake.ACCEPTED);
    }
}
