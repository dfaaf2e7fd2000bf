package dev.freshet.content.queue;

import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.BackOff;

class QueueRunnerTests {

    private final QueueStatus status = new QueueStatus("test", new SimpleMeterRegistry());
    private final List<Integer> pauses = new CopyOnWriteArrayList<>();

    /** Returns no time, and records the place of each pause in its row. */
    private BackOff recording() {
        return () -> {
            var place = new AtomicInteger();
            return () -> {
                pauses.add(place.incrementAndGet());
                return 0;
            };
        };
    }

    @Test
    void pausesBeginAgainAfterATimeOfSuccess() throws InterruptedException {
        var attempts = new AtomicInteger();
        QueueConsumer consumer = () -> {
            var attempt = attempts.incrementAndGet();
            if (attempt > 5) {
                Thread.currentThread().join();
            }
            if (attempt == 3 || attempt == 4) {
                status.consuming();
            }
            throw new IOException("Attempt " + attempt);
        };
        var runner = new QueueRunner("test", consumer, status, recording());
        runner.start();
        until(() -> attempts.get() > 5);
        runner.interrupt();
        runner.join();

        assertThat(pauses).containsExactly(1, 2, 1, 1, 2);
    }
}
