package dev.freshet.platform.store;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.CapturesOutput;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.TableLock;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Statements end when their clients leave or their time is over, and release their connections. */
@CapturesOutput
class StatementCancellationTests {

    private static final String SLEEP = "select pg_sleep(3600)";
    private static final long WRITING_NANOS = Duration.ofSeconds(20).toNanos();
    private static final String FOLLOWED = "/api/v1/articles?following=true";

    private static Freshet instance;

    @BeforeAll
    static void start() {
        instance = Freshet.start(Map.of(
                "freshet.postgres.max-connections", "2",
                "freshet.postgres.max-page-read-connections", "2",
                // Too long to end a statement in place of a cancellation.
                "freshet.postgres.timeouts.page-read", "1h",
                "freshet.postgres.timeouts.log-read", "1h",
                "freshet.postgres.timeouts.statement", "1h"));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @AfterEach
    void clientsCauseNoLines(CapturedOutput output) {
        assertThat(output).doesNotContain("57014", "canceling statement");
    }

    @Test
    void slowPagesDelayNoAuthorAndEndWithTheirClients() {
        var reader = instance.token(Role.READER);
        var author = instance.token(Role.AUTHOR);
        try (var lock = TableLock.of(instance, "following")) {
            assertThat(lock).isNotNull();
            var clients = IntStream.range(0, 2)
                    .mapToObj(i -> instance.send(
                                    HttpMethod.GET, FOLLOWED, null, HttpHeaders.AUTHORIZATION, bearer(reader))
                            .subscribe())
                    .toList();
            awaitRunning("%from following%", 2);
            var published = Freshet.get(instance.send(
                    HttpMethod.POST,
                    "/api/v1/articles",
                    "{\"title\": \"T\", \"status\": \"published\"}",
                    HttpHeaders.AUTHORIZATION,
                    bearer(author)));
            assertThat(published.code()).as(published.body()).isEqualTo(201);
            clients.forEach(Disposable::dispose);
            awaitRunning("%from following%", 0);
            assertThat(instance.get("/api/v1/articles").code()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"connectionFactory", "pageReads", "logReads"})
    void cancelledStatementsReleaseEachPool(String pool) {
        var client = DatabaseClient.create(instance.bean(pool, ConnectionFactory.class));
        var subscriptions = Flux.range(0, 2)
                .map(i -> client.sql(SLEEP).then().subscribe())
                .collectList()
                .block(TIMEOUT);
        awaitRunning(SLEEP, 2);
        Objects.requireNonNull(subscriptions).forEach(Disposable::dispose);
        awaitRunning(SLEEP, 0);
        assertThat(numbers(client)).isEqualTo(List.of(1, 2, 3, 4, 5));
    }

    @Test
    void cancelledTransactionIsRolledBack() {
        var connections = instance.bean("pageReads", ConnectionFactory.class);
        var client = DatabaseClient.create(connections);
        client.sql("create table cancelled (n int)").then().block(TIMEOUT);
        var transaction = TransactionalOperator.create(new Transactions(connections))
                .transactional(client.sql("insert into cancelled values (1)")
                        .then()
                        .then(client.sql(SLEEP).then()))
                .subscribe();
        awaitRunning(SLEEP, 1);
        transaction.dispose();
        awaitRunning(SLEEP, 0);
        var rows = client.sql("select count(*) from cancelled")
                .mapValue(Long.class)
                .one();
        assertThat(rows.block(TIMEOUT)).isZero();
    }

    @Test
    void acknowledgedWritesAreCommitted_whileOthersAreCancelled() {
        var connections = instance.bean("pageReads", ConnectionPool.class);
        var client = DatabaseClient.create(connections);
        client.sql("create table written (n int)").then().block(TIMEOUT);
        client.sql("create table unfinished (n int)").then().block(TIMEOUT);
        var transactions = TransactionalOperator.create(new Transactions(connections));
        var insert = client.sql("insert into unfinished values (1)").then();
        var pause = client.sql("select pg_sleep(0.002)").then();
        List<Mono<?>> works = List.of(
                insert,
                pause,
                transactions.transactional(insert),
                transactions.transactional(pause),
                client.sql("select n from generate_series(1, 1000) n")
                        .mapValue(Integer.class)
                        .first());
        var disturbance = Flux.fromIterable(works)
                .repeat()
                .flatMap(
                        work -> work.timeout(Duration.ofNanos(
                                        ThreadLocalRandom.current().nextInt(4_000_000)))
                                .onErrorComplete(),
                        3)
                .subscribe();
        var end = System.nanoTime() + WRITING_NANOS;
        var missing = Mono.usingWhen(
                instance.bean("singleConnections", PostgresqlConnectionFactory.class)
                        .create(),
                other -> Flux.range(1, 1_500)
                        // A busy machine has fewer rounds. Each round that begins must end.
                        .takeWhile(n -> System.nanoTime() - end < 0)
                        .concatMap(
                                n -> client.sql("insert into written values (:n)")
                                        .bind("n", n)
                                        .then()
                                        .then(number(other, "select count(*) from written"))
                                        .timeout(TIMEOUT)
                                        .filter(count -> count.intValue() != n),
                                0)
                        .next()
                        .hasElement(),
                PostgresqlConnection::close);
        try {
            assertThat(missing.block()).isFalse();
        } finally {
            disturbance.dispose();
        }
        var metrics = connections.getMetrics().orElseThrow();
        Freshet.until(() -> metrics.acquiredSize() == 0);
    }

    @Test
    void cancelledBeginReturnsItsConnection() {
        var connections = instance.bean("pageReads", ConnectionPool.class);
        var transactions = TransactionalOperator.create(new Transactions(connections));
        var metrics = connections.getMetrics().orElseThrow();
        for (var i = 0; i < 2_000; i++) {
            // Ends by its cancellation alone, which meets each step of the begin once in a while.
            var transaction = transactions.transactional(Mono.never()).subscribe();
            var pause = ThreadLocalRandom.current().nextInt(1_000_000);
            for (var start = System.nanoTime(); System.nanoTime() - start < pause; ) {
                Thread.onSpinWait();
            }
            transaction.dispose();
        }
        Freshet.until(() -> metrics.acquiredSize() == 0);
    }

    @Test
    void transactionBegunDuringTheReleaseOfItsConnectionIsEnded() {
        var connections = instance.bean("pageReads", ConnectionPool.class);
        var client = DatabaseClient.create(connections);
        client.sql("create table begun (n int)").then().block(TIMEOUT);
        var acquired = new AtomicBoolean();
        var released = new AtomicBoolean();
        var begun = new AtomicBoolean();
        Mono<Connection> acquisition = Mono.fromDirect(new SlowlyCancelled<>(connections.create(), () -> {
            released.set(true);
            spinUntil(begun);
        }));
        var transaction = acquisition
                .flatMap(connection -> {
                    acquired.set(true);
                    spinUntil(released);
                    var begin = Mono.from(connection.beginTransaction()).toFuture();
                    begun.set(true);
                    return Mono.fromFuture(begin, true);
                })
                .subscribe();
        spinUntil(acquired);
        transaction.dispose();
        var metrics = connections.getMetrics().orElseThrow();
        Freshet.until(() -> metrics.acquiredSize() == 0);
        for (var n = 1; n <= 5; n++) {
            client.sql("insert into begun values (1)").then().block(TIMEOUT);
            assertThat(seen("select count(*) from begun")).isEqualTo(n);
        }
    }

    @Test
    void partlyReadResultLeavesAUsableConnection() {
        var client = DatabaseClient.create(instance.bean("logReads", ConnectionFactory.class));
        for (var i = 0; i < 10; i++) {
            assertThat(client.sql("select n from generate_series(1, 100000) n")
                            .mapValue(Integer.class)
                            .first()
                            .block(TIMEOUT))
                    .isEqualTo(1);
            assertThat(numbers(client)).isEqualTo(List.of(1, 2, 3, 4, 5));
        }
    }

    @Test
    void resultsReachTheirOwnStatements_whileOthersAreCancelled() {
        var connections = instance.bean("pageReads", ConnectionFactory.class);
        var client = DatabaseClient.create(connections);
        var transactions = TransactionalOperator.create(new Transactions(connections));
        var number = client.sql("select n from generate_series(1, 1000) n").mapValue(Integer.class);
        var wrong = Flux.range(0, 400)
                .flatMap(
                        i -> {
                            var own = client.sql("select cast(:i as int) as own")
                                    .bind("i", i)
                                    .map(row -> Objects.requireNonNull(row.get("own", Integer.class)))
                                    .all()
                                    .collectList();
                            // Each disturbs the connection, which the next statement may get.
                            Mono<?> disturbance = switch (i % 4) {
                                case 0 ->
                                    client.sql("select pg_sleep(0.02)")
                                            .then()
                                            .timeout(Duration.ofMillis(i % 40))
                                            .onErrorComplete();
                                case 1 -> number.first();
                                case 2 ->
                                    transactions
                                            .transactional(number.first().then(Mono.error(new IOException())))
                                            .onErrorComplete();
                                default -> transactions.transactional(own.then(number.first()));
                            };
                            return disturbance.then(own).filter(found -> !found.equals(List.of(i)));
                        },
                        8)
                .collectList();
        assertThat(wrong.block(TIMEOUT)).isEmpty();
    }

    @Test
    void statementEndsAtItsTimeLimit() {
        try (var hasty = Freshet.start(Map.of(
                "freshet.postgres.timeouts.page-read", "100ms",
                "freshet.postgres.max-page-read-connections", "1"))) {
            try (var lock = TableLock.of(hasty, "article")) {
                assertThat(lock).isNotNull();
                for (var i = 0; i < 2; i++) {
                    var late = hasty.get("/api/v1/articles");
                    assertThat(late.code()).as(late.body()).isEqualTo(503);
                    assertThat(late.text("type")).isEqualTo("/problems/unavailable");
                    assertThat(late.headers().getFirst(HttpHeaders.RETRY_AFTER)).isNotNull();
                }
            }
            assertThat(hasty.get("/api/v1/articles").code()).isEqualTo(200);
        }
    }

    /** Waits without parking the thread, which can be an event loop. */
    private static void spinUntil(AtomicBoolean condition) {
        var end = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("Waited in vain");
            }
        }
    }

    private static List<Integer> numbers(DatabaseClient client) {
        return Objects.requireNonNull(client.sql("select n from generate_series(1, 5) n")
                .map(row -> Objects.requireNonNull(row.get(0, Integer.class)))
                .all()
                .collectList()
                .block(TIMEOUT));
    }

    /** Waits until a number of statements like this are running. */
    private static void awaitRunning(String pattern, long number) {
        Freshet.until(() -> seen(
                        "select count(*) from pg_stat_activity where state <> 'idle'"
                                + " and datname = current_database() and query like $1 and pid <> pg_backend_pid()",
                        pattern)
                == number);
    }

    /** Returns the number that a statement selects with a connection of its own. */
    private static long seen(String sql, Object... parameters) {
        return Freshet.get(Mono.usingWhen(
                instance.bean("singleConnections", PostgresqlConnectionFactory.class)
                        .create(),
                connection -> number(connection, sql, parameters),
                PostgresqlConnection::close));
    }

    private static Mono<Long> number(PostgresqlConnection connection, String sql, Object... parameters) {
        var statement = connection.createStatement(sql);
        for (var i = 0; i < parameters.length; i++) {
            statement.bind(i, parameters[i]);
        }
        return statement
                .execute()
                .flatMap(result -> result.map(row -> row.get(0, Long.class)))
                .single();
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    /** Runs an action after the source is cancelled and before the subscriber knows. */
    private record SlowlyCancelled<T>(Publisher<T> source, Runnable action) implements Publisher<T> {

        @Override
        public void subscribe(Subscriber<? super T> subscriber) {
            source.subscribe(new Subscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    subscriber.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {
                            subscription.request(n);
                        }

                        @Override
                        public void cancel() {
                            subscription.cancel();
                            action.run();
                        }
                    });
                }

                @Override
                public void onNext(T value) {
                    subscriber.onNext(value);
                }

                @Override
                public void onError(Throwable failure) {
                    subscriber.onError(failure);
                }

                @Override
                public void onComplete() {
                    subscriber.onComplete();
                }
            });
        }
    }
}
