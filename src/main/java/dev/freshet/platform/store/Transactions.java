package dev.freshet.platform.store;

import io.r2dbc.spi.ConnectionFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.transaction.ReactiveTransaction;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import reactor.core.publisher.Mono;

/**
 * Transactions whose callers may be cancelled at any moment. A cancelled {@link R2dbcTransactionManager} never returns its
 * connection if its transaction has just begun (spring-framework issue 32115). So a begin continues after a cancellation,
 * and its transaction is rolled back.
 */
record Transactions(ReactiveTransactionManager transactions) implements ReactiveTransactionManager {

    Transactions(ConnectionFactory connections) {
        this(new R2dbcTransactionManager(connections));
    }

    @Override
    public Mono<ReactiveTransaction> getReactiveTransaction(@Nullable TransactionDefinition definition) {
        return Mono.deferContextual(context -> {
            // Passed on or rolled back, never both: after its end, the connection belongs to another caller.
            var taken = new AtomicBoolean();
            var begun = transactions
                    .getReactiveTransaction(definition)
                    .contextWrite(context)
                    // The cache is not cancelled with its subscribers.
                    .cache()
                    .filter(transaction -> taken.compareAndSet(false, true));
            return begun.doOnCancel(() -> begun.flatMap(this::rollback)
                    .contextWrite(context)
                    // The manager returns the connection even if the rollback fails.
                    .onErrorComplete()
                    .subscribe());
        });
    }

    @Override
    public Mono<Void> commit(ReactiveTransaction transaction) {
        return transactions.commit(transaction);
    }

    @Override
    public Mono<Void> rollback(ReactiveTransaction transaction) {
        return transactions.rollback(transaction);
    }
}
