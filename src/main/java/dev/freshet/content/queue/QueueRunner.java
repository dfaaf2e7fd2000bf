package dev.freshet.content.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.backoff.BackOff;

/** Runs the consumer of one queue on a thread of its own, again after each error. */
final class QueueRunner {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final QueueConsumer consumer;
    private final QueueStatus status;
    private final BackOff retries;
    private @Nullable Thread thread;

    QueueRunner(String name, QueueConsumer consumer, QueueStatus status, BackOff retries) {
        this.name = name;
        this.consumer = consumer;
        this.status = status;
        this.retries = retries;
    }

    String name() {
        return name;
    }

    QueueStatus status() {
        return status;
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("queue-" + name).start(this::run);
    }

    private void run() {
        var pauses = retries.start();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                consumer.consume();
                pauses = retries.start();
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                // An error after a time of success is the first of its row.
                if (status.isConsuming()) {
                    pauses = retries.start();
                }
                status.failed(e);
            }
            try {
                Thread.sleep(pauses.nextBackOff());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Asks the thread to end. */
    void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Waits for the end of the thread, for a time. */
    void join() throws InterruptedException {
        if (thread != null) {
            thread.join(STOP_TIMEOUT);
        }
    }
}
