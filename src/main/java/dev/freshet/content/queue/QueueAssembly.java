package dev.freshet.content.queue;

import dev.freshet.content.intake.MessageImport;
import dev.freshet.identity.account.Accounts;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.BiFunction;

/** Assembles the parts that all queues have. */
record QueueAssembly(
        Accounts accounts, MessageImport imports, ReceivedMessageRepository repository, MeterRegistry registry) {

    static final Backoff RETRIES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /**
     * Creates the runner of a queue.
     *
     * @param account the name of the account that owns the articles
     * @param create creates the consumer, without a connection
     */
    QueueRunner runner(String name, String account, BiFunction<BatchImport, QueueStatus, QueueConsumer> create) {
        var status = new QueueStatus(name, registry);
        var intake = new QueueIntake(name, account, accounts, imports, repository, status);
        return new QueueRunner(name, create.apply(new BatchImport(intake, status, RETRIES), status), status, RETRIES);
    }
}
