package dev.freshet.platform.store;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.tail.Follower;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.PostgresRelay;
import dev.freshet.testing.Stores;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Connections on which no reply arrives, as after a network has dropped them without notice. */
class SilentConnectionTests {

    private final String database = Stores.database();
    private final PostgresRelay relay = new PostgresRelay(database);
    // Without a time limit, for what must succeed however busy the machine is.
    private PostgresqlConnection driver;
    private CancellingConnection connection;

    @BeforeEach
    void connect() {
        var factory = new PostgresqlConnectionFactory(
                PostgresUrl.parse(relay.url()).r2dbc().build());
        driver = Freshet.get(factory.create());
        connection = new CancellingConnection(driver, Duration.ofMillis(300));
    }

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void statementFailsAndItsConnectionIsNotUsedAgain() {
        assertThat(select(driver).block(TIMEOUT)).isEqualTo(1);
        relay.silence();
        assertSilent(select(connection));
    }

    @Test
    void beginFailsAndItsConnectionIsNotUsedAgain() {
        relay.silence();
        assertSilent(connection.beginTransaction());
    }

    @Test
    void commitFailsAndItsConnectionIsNotUsedAgain() {
        driver.beginTransaction().block(TIMEOUT);
        select(driver).block(TIMEOUT);
        relay.silence();
        assertSilent(connection.commitTransaction());
    }

    private static Mono<Integer> select(Connection connection) {
        return Flux.from(connection.createStatement("select 1").execute())
                .concatMap((Result result) -> result.map(row -> row.get(0, Integer.class)))
                .single();
    }

    private void assertSilent(Mono<?> use) {
        StepVerifier.create(use).expectError(R2dbcTimeoutException.class).verify(TIMEOUT);
        connection.reset().onErrorComplete().block(TIMEOUT);
        assertThat(connection.isBroken()).isTrue();
    }

    @Test
    void tailContinuesOnOtherConnections() {
        var settings = Map.of("freshet.samples", "false", "freshet.postgres.timeouts.log-read", "100ms");
        try (var cut = Freshet.start(relay.url(), "", settings);
                var other = Freshet.start(database, "", Map.of("freshet.samples", "false"))) {
            var writer = new LogWriter(other);
            var lines = cut.client()
                    .get()
                    .uri("/api/v1/articles?tag=cut&since=earliest")
                    .accept(MediaType.APPLICATION_NDJSON)
                    .retrieve()
                    .bodyToFlux(String.class)
                    .filter(line -> !line.isBlank());
            StepVerifier.create(lines)
                    .then(() -> Freshet.get(writer.publish("Before", "cut")))
                    .assertNext(line -> assertThat(line).contains("Before"))
                    .then(() -> {
                        relay.silence();
                        // The notification of an event arrives, but the tail waits for a reply to its last check.
                        var tail = cut.bean(Follower.class);
                        Freshet.until(() -> tail.silence().compareTo(Duration.ofSeconds(3)) > 0);
                        Freshet.get(writer.publish("Behind", "cut"));
                    })
                    .assertNext(line -> assertThat(line).contains("Behind"))
                    .thenCancel()
                    .verify(TIMEOUT);
        }
    }
}
