package dev.freshet.content.queue;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.backoff.BackOff;
import reactor.core.publisher.Mono;

/** Imports batches on the thread of a consumer, and waits until they are committed. */
final class BatchImport {

    private final Function<List<Message>, Mono<List<String>>> intake;
    private final QueueStatus status;
    private final BackOff retries;
    private final Duration checkInterval;

    /**
     * @param intake imports messages as {@link QueueIntake#take} does
     * @param retries the times between attempts, without an end
     * @param checkInterval time between two questions whether the messages still belong to the consumer
     */
    BatchImport(
            Function<List<Message>, Mono<List<String>>> intake,
            QueueStatus status,
            BackOff retries,
            Duration checkInterval) {
        this.intake = intake;
        this.status = status;
        this.retries = retries;
        this.checkInterval = checkInterval;
    }

    /**
     * Imports messages, and tries again while the store fails. The import is cancelled once the messages belong to another
     * consumer, and by an interruption.
     *
     * @param keep called every few seconds meanwhile; returns whether the messages still belong to this consumer
     * @return the reason of each message as in {@link QueueIntake#take}; null once they belong to another consumer
     */
    @Nullable
    List<String> take(List<Message> messages, BooleanSupplier keep) throws InterruptedException {
        var pauses = retries.start();
        while (true) {
            // Not on an event loop.
            var imported = intake.apply(messages).toFuture();
            try {
                return await(imported, keep);
            } catch (ExecutionException e) {
                status.failed(Objects.requireNonNullElse(e.getCause(), e));
                Thread.sleep(pauses.nextBackOff());
                if (!keep.getAsBoolean()) {
                    return null;
                }
            } finally {
                imported.cancel(true);
            }
        }
    }

    private @Nullable List<String> await(CompletableFuture<@Nullable List<String>> imported, BooleanSupplier keep)
            throws ExecutionException, InterruptedException {
        while (true) {
            try {
                var reasons = imported.get(checkInterval.toMillis(), TimeUnit.MILLISECONDS);
                status.consuming();
                return reasons;
            } catch (TimeoutException e) {
                if (!keep.getAsBoolean()) {
                    return null;
                }
            }
        }
    }
}
