package dev.freshet.content.queue;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Imports batches on the thread of a consumer, and waits until they are committed. */
final class BatchImport {

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    private final QueueIntake intake;
    private final QueueStatus status;
    private final Backoff retries;

    BatchImport(QueueIntake intake, QueueStatus status, Backoff retries) {
        this.intake = intake;
        this.status = status;
        this.retries = retries;
    }

    /**
     * Imports messages, and tries again while the store fails.
     *
     * @param keep called every few seconds meanwhile; returns whether the messages still belong to this consumer
     * @return the reason of each message as in {@link QueueIntake#take}; null once they belong to another consumer
     */
    @Nullable
    List<String> take(List<Message> messages, BooleanSupplier keep) throws InterruptedException {
        for (var attempt = 1; ; attempt++) {
            // Not on an event loop.
            var imported = intake.take(messages).toFuture();
            try {
                while (true) {
                    try {
                        var reasons = imported.get(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                        status.consuming();
                        return reasons;
                    } catch (TimeoutException e) {
                        if (!keep.getAsBoolean()) {
                            return null;
                        }
                    }
                }
            } catch (ExecutionException e) {
                status.failed(Objects.requireNonNullElse(e.getCause(), e));
                Thread.sleep(retries.after(attempt));
                if (!keep.getAsBoolean()) {
                    return null;
                }
            }
        }
    }
}
