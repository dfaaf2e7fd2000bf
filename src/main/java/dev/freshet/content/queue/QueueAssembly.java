package dev.freshet.content.queue;

import dev.freshet.content.intake.MessageImport;
import dev.freshet.identity.account.Accounts;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.BiFunction;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/** Assembles the parts that all queues have. */
record QueueAssembly(
        Accounts accounts, MessageImport imports, ReceivedMessageRepository repository, MeterRegistry registry) {

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /** Returns the times between attempts, which double and vary. */
    static BackOff retries() {
        var retries = new ExponentialBackOff(Duration.ofSeconds(1).toMillis(), 2);
        retries.setMaxInterval(Duration.ofSeconds(30).toMillis());
        retries.setJitter(Duration.ofMillis(500).toMillis());
        return retries;
    }

    /**
     * Creates the runner of a queue.
     *
     * @param account the name of the account that owns the articles
     * @param create creates the consumer, without a connection
     */
    QueueRunner runner(String name, String account, BiFunction<BatchImport, QueueStatus, QueueConsumer> create) {
        var status = new QueueStatus(name, registry);
        var intake = new QueueIntake(name, account, accounts, imports, repository, status);
        var batches = new BatchImport(intake::take, status, retries(), CHECK_INTERVAL);
        return new QueueRunner(name, create.apply(batches, status), status, retries());
    }
}
