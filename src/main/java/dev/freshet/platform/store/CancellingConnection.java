package dev.freshet.platform.store;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionMetadata;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A connection that stops its statement when the subscriber of the result cancels. The driver only discards the result,
 * and the statement continues on the server. A statement whose reply does not arrive within a time limit fails too: PostgreSQL
 * would have ended it before, so the connection is silent, and is not used again.
 *
 * <p>The connection must be {@link #reset reset} before another caller uses it. A rollback and a close stop a cancelled
 * statement themselves. Like every connection, it is used by one caller at a time.
 */
final class CancellingConnection implements Connection, Wrapped<Connection> {

    /** Time for a statement to end without a cancellation, since most are cancelled after their last row. */
    private static final Duration GRACE = Duration.ofMillis(20);

    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

    private final PostgresqlConnection connection;
    private final Duration replyTimeout;
    private final Scheduler eventLoop;
    private volatile boolean interrupted;
    // While a change of the transaction runs. Its cancellation is no sign, since it can come after the reset.
    private volatile boolean changing;
    private volatile boolean broken;

    /** @param replyTimeout maximum time until the end of a reply; above the limit of a statement in PostgreSQL */
    CancellingConnection(PostgresqlConnection connection, Duration replyTimeout) {
        this.connection = connection;
        this.replyTimeout = replyTimeout;
        this.eventLoop = Objects.requireNonNull(unwrap(Scheduler.class));
    }

    /** Returns whether the connection must not be used again: a cancellation failed, or PostgreSQL closed it. */
    boolean isBroken() {
        return broken || !isOpen();
    }

    private boolean isOpen() {
        // Completes at once, since the driver only looks at its channel.
        return connection.validate(ValidationDepth.LOCAL).toFuture().getNow(false);
    }

    /**
     * Stops a cancelled statement, and ends a transaction that is still open. Closes the connection if its statement
     * cannot be stopped.
     *
     * <p>Runs on the event loop of the connection, on which the pool passes it to its caller. A caller that begins a
     * transaction there can be cancelled at that moment. Then it begins before the reset, which ends the transaction.
     */
    Mono<Void> reset() {
        // Without a transaction, the driver sends nothing.
        return rollbackTransaction().subscribeOn(eventLoop);
    }

    /** Completes once no statement is running. */
    private Mono<Void> settle() {
        return Mono.defer(() -> {
            if (!interrupted && !changing) {
                return Mono.empty();
            }
            interrupted = false;
            changing = false;
            return probe().timeout(GRACE).onErrorResume(running -> stop());
        });
    }

    /** Executes a statement after the running one. */
    private Mono<Void> probe() {
        return connection.validate(ValidationDepth.REMOTE).then();
    }

    /**
     * Cancels the statement. The server has sent the signal when the request completes, and the signal ends the running
     * statement or the probe after it. So it cannot end a statement of the next user.
     */
    private Mono<Void> stop() {
        return connection
                .cancelRequest()
                .then(Mono.defer(this::probe))
                .timeout(CANCEL_TIMEOUT)
                .onErrorResume(failure -> {
                    broken = true;
                    return connection.close().timeout(CANCEL_TIMEOUT).onErrorComplete();
                });
    }

    /** Passes a part of a result on, and records its cancellation, also by the time limit. */
    <T> Flux<T> observe(Publisher<? extends T> result) {
        return Flux.defer(() -> {
            var late = new AtomicBoolean();
            // On the event loop, whose own timer takes no lock. Its end cancels the result, which an error would not.
            var limit = Mono.delay(replyTimeout, eventLoop).doOnNext(tick -> late.set(true));
            return Flux.<T>from(result)
                    .doOnCancel(() -> interrupted = true)
                    .takeUntilOther(limit)
                    .concatWith(Mono.defer(() -> late.get() ? Mono.error(silence()) : Mono.empty()));
        });
    }

    private R2dbcTimeoutException silence() {
        return new R2dbcTimeoutException(
                "The reply of PostgreSQL did not arrive within " + replyTimeout.toSeconds() + " s");
    }

    /**
     * Passes on the completion of a change of the transaction. The driver decides by the last state that the server has
     * reported whether a begin or a rollback is necessary. So neither may follow a change that is still running.
     */
    private Mono<Void> change(Mono<Void> change) {
        return change.doOnSubscribe(subscription -> changing = true)
                .doOnTerminate(() -> changing = false)
                .timeout(replyTimeout, Mono.error(this::silence), eventLoop);
    }

    @Override
    public Statement createStatement(String sql) {
        return new CancellingStatement(connection.createStatement(sql), this);
    }

    @Override
    public Batch createBatch() {
        return connection.createBatch();
    }

    @Override
    public Mono<Void> close() {
        return settle().then(connection.close());
    }

    @Override
    public Mono<Void> rollbackTransaction() {
        return settle().then(Mono.defer(() -> change(connection.rollbackTransaction())));
    }

    @Override
    public Mono<Void> rollbackTransactionToSavepoint(String name) {
        return settle().then(Mono.defer(() -> connection.rollbackTransactionToSavepoint(name)));
    }

    @Override
    public Mono<Void> beginTransaction() {
        return change(connection.beginTransaction());
    }

    @Override
    public Mono<Void> beginTransaction(TransactionDefinition definition) {
        return change(connection.beginTransaction(definition));
    }

    @Override
    public Mono<Void> commitTransaction() {
        return change(connection.commitTransaction());
    }

    @Override
    public Mono<Void> createSavepoint(String name) {
        return connection.createSavepoint(name);
    }

    @Override
    public Mono<Void> releaseSavepoint(String name) {
        return connection.releaseSavepoint(name);
    }

    @Override
    public boolean isAutoCommit() {
        return connection.isAutoCommit();
    }

    @Override
    public Mono<Void> setAutoCommit(boolean autoCommit) {
        return connection.setAutoCommit(autoCommit);
    }

    @Override
    public ConnectionMetadata getMetadata() {
        return connection.getMetadata();
    }

    @Override
    public IsolationLevel getTransactionIsolationLevel() {
        return connection.getTransactionIsolationLevel();
    }

    @Override
    public Mono<Void> setTransactionIsolationLevel(IsolationLevel level) {
        return connection.setTransactionIsolationLevel(level);
    }

    @Override
    public Mono<Void> setLockWaitTimeout(Duration timeout) {
        return connection.setLockWaitTimeout(timeout);
    }

    @Override
    public Mono<Void> setStatementTimeout(Duration timeout) {
        return connection.setStatementTimeout(timeout);
    }

    @Override
    public Mono<Boolean> validate(ValidationDepth depth) {
        return connection.validate(depth);
    }

    @Override
    public Connection unwrap() {
        return connection;
    }

    /** Also returns the event loop of the connection, which the pool asks for. */
    @Override
    public <E> @Nullable E unwrap(Class<E> type) {
        return connection instanceof Wrapped<?> wrapped ? wrapped.unwrap(type) : null;
    }
}
