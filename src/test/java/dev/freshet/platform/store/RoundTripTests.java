package dev.freshet.platform.store;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.PostgresRelay;
import dev.freshet.testing.Stores;
import io.r2dbc.pool.ConnectionPool;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Round trips of statements, from the pool and back. Only a cancelled statement costs one to check its connection. */
class RoundTripTests {

    private static PostgresRelay relay;
    private static ConnectionPool pool;
    private static DatabaseClient client;

    @BeforeAll
    static void connect() {
        relay = new PostgresRelay(Stores.database());
        var settings = new Binder(new MapConfigurationPropertySource(
                        Map.of("freshet.postgres.url", relay.url(), "freshet.postgres.max-page-read-connections", "1")))
                .bind("freshet.postgres", PostgresSettings.class)
                .get();
        pool = new PostgresConfiguration(settings).pageReads();
        client = DatabaseClient.create(pool);
        client.sql("create table counted (n int primary key)").then().block(TIMEOUT);
    }

    @AfterAll
    static void close() {
        pool.dispose();
        relay.close();
    }

    /** Ways to read a result. */
    enum Reading {
        ONE {
            @Override
            Mono<?> read(DatabaseClient client) {
                return client.sql("select cast(:n as int)")
                        .bind("n", 1)
                        .mapValue(Integer.class)
                        .one();
            }
        },
        ONE_WITHOUT_PARAMETERS {
            @Override
            Mono<?> read(DatabaseClient client) {
                return client.sql("select 1").mapValue(Integer.class).one();
            }
        },
        NONE {
            @Override
            Mono<?> read(DatabaseClient client) {
                return client.sql("select n from counted where n = :n")
                        .bind("n", 1)
                        .mapValue(Integer.class)
                        .one();
            }
        },
        ALL {
            @Override
            Mono<?> read(DatabaseClient client) {
                return client.sql("select n from generate_series(1, cast(:n as int)) n")
                        .bind("n", 1000)
                        .mapValue(Integer.class)
                        .all()
                        .collectList();
            }
        },
        ROWS_UPDATED {
            @Override
            Mono<?> read(DatabaseClient client) {
                return client.sql("delete from counted where n = :n")
                        .bind("n", 1)
                        .fetch()
                        .rowsUpdated();
            }
        };

        abstract Mono<?> read(DatabaseClient client);
    }

    @ParameterizedTest
    @EnumSource
    void statementCostsOneRoundTrip(Reading reading) {
        assertThat(roundTrips(reading.read(client))).isEqualTo(1);
    }

    @Test
    void transactionCostsTwoMore() {
        var transaction = TransactionalOperator.create(new Transactions(pool))
                .transactional(
                        Mono.defer(() -> Reading.ONE.read(client)).then(Mono.defer(() -> Reading.NONE.read(client))));
        assertThat(roundTrips(transaction)).isEqualTo(4);
    }

    @Test
    void cancelledStatementCostsAtLeastTheCheckOfItsConnection() {
        var first = client.sql("select n from generate_series(1, 100000) n")
                .mapValue(Integer.class)
                .first();
        assertThat(roundTrips(first)).isGreaterThan(1);
    }

    /** Returns the round trips of a statement whose text the server knows, until its connection is back in the pool. */
    private static int roundTrips(Mono<?> statement) {
        statement.block(TIMEOUT);
        // The pool has one connection, which each of these waits for.
        Reading.ONE_WITHOUT_PARAMETERS.read(client).block(TIMEOUT);
        var before = relay.roundTrips();
        statement.block(TIMEOUT);
        Reading.ONE_WITHOUT_PARAMETERS.read(client).block(TIMEOUT);
        return relay.roundTrips() - before - 1;
    }
}
