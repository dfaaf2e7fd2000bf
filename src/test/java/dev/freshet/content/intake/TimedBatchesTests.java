package dev.freshet.content.intake;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class TimedBatchesTests {

    @Test
    void batchIsCompleteByCountOrWeightOrTheEnd() {
        new TimedBatches(3, 10, Duration.ofHours(1), Schedulers.parallel())
                .of(Flux.just(1, 1, 1, 9, 1, 50, 2), weight -> weight)
                .as(StepVerifier::create)
                .expectNext(List.of(1, 1, 1), List.of(9, 1), List.of(50), List.of(2))
                .verifyComplete();
    }

    @Test
    void itemsOfASlowSourceDoNotWaitLong() {
        var time = VirtualTimeScheduler.create();
        new TimedBatches(100, 100, Duration.ofMillis(200), time)
                .of(Flux.just(1, 2).concatWith(Flux.never()), weight -> 0)
                .as(batches -> StepVerifier.create(batches, 10))
                .expectSubscription()
                .then(() -> time.advanceTimeBy(Duration.ofMillis(201)))
                .expectNext(List.of(1, 2))
                .thenCancel()
                .verify(TIMEOUT);
    }

    @Test
    void sourceWaitsForASlowConsumer() {
        var read = new AtomicInteger();

        new TimedBatches(10, 1000, Duration.ofMillis(200), Schedulers.parallel())
                .of(Flux.range(1, 100_000).doOnNext(i -> read.incrementAndGet()), weight -> 1)
                .as(batches -> StepVerifier.create(batches, 2))
                .expectNextCount(2)
                .then(() -> assertThat(read.get()).isBetween(20, 22))
                .thenCancel()
                .verify();
    }
}
