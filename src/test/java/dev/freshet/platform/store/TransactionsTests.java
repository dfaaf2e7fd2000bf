package dev.freshet.platform.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.ReactiveTransaction;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class TransactionsTests {

    private static final ReactiveTransaction TRANSACTION = new ReactiveTransaction() {};

    @Test
    void cancelledCallerStillEndsItsTransaction() {
        var database = new Database();
        var caller = TransactionalOperator.create(new Transactions(database))
                .transactional(Mono.never())
                .subscribe();
        caller.dispose();
        assertThat(database.ended).hasValue(0);
        database.begin();
        assertThat(database.ended).hasValue(1);
    }

    @Test
    void transactionEndsOnce_cancelledWhileItBegins() {
        for (var i = 0; i < 5_000; i++) {
            var database = new Database();
            var caller = TransactionalOperator.create(new Transactions(database))
                    .transactional(Mono.never())
                    .subscribe();
            var begun = CompletableFuture.runAsync(database::begin);
            for (var spins = i % 1_000; spins > 0; spins--) {
                Thread.onSpinWait();
            }
            caller.dispose();
            begun.join();
            assertThat(database.ended).hasValue(1);
        }
    }

    /** Begins on demand, also after a cancellation, and counts the ends. */
    private static final class Database implements ReactiveTransactionManager {

        private final Sinks.One<ReactiveTransaction> begun = Sinks.one();
        private final AtomicInteger ended = new AtomicInteger();

        void begin() {
            begun.tryEmitValue(TRANSACTION).orThrow();
        }

        @Override
        public Mono<ReactiveTransaction> getReactiveTransaction(@Nullable TransactionDefinition definition) {
            return begun.asMono();
        }

        @Override
        public Mono<Void> commit(ReactiveTransaction transaction) {
            return Mono.fromRunnable(ended::incrementAndGet);
        }

        @Override
        public Mono<Void> rollback(ReactiveTransaction transaction) {
            return Mono.fromRunnable(ended::incrementAndGet);
        }
    }
}
