package dev.freshet.platform.store;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ClosedConnectionTests {

    private static final int CONNECTIONS = 8;

    @Test
    void poolSkipsAllConnectionsThatPostgresClosed() throws SQLException {
        var database = Stores.database();
        var settings = new Binder(new MapConfigurationPropertySource(Map.of("freshet.postgres.url", database)))
                .bind("freshet.postgres", PostgresSettings.class)
                .get();
        ConnectionPool pool = new PostgresConfiguration(settings).connectionFactory();
        try {
            var acquired =
                    get(Flux.range(0, CONNECTIONS).concatMap(i -> pool.create()).collectList());
            var connections =
                    acquired.stream().map(ClosedConnectionTests::unwrapped).toList();
            get(Flux.fromIterable(acquired).concatMap(Connection::close).then(Mono.just(true)));
            Stores.allowConnections(database, false);
            Stores.allowConnections(database, true);
            Freshet.until(() -> connections.stream().noneMatch(ClosedConnectionTests::isOpen));
            assertThat(DatabaseClient.create(pool)
                            .sql("select 1")
                            .mapValue(Integer.class)
                            .one()
                            .block(TIMEOUT))
                    .isEqualTo(1);
        } finally {
            pool.dispose();
        }
    }

    private static Connection unwrapped(Connection pooled) {
        return (Connection) Objects.requireNonNull(((Wrapped<?>) pooled).unwrap());
    }

    private static boolean isOpen(Connection connection) {
        return get(Mono.from(connection.validate(ValidationDepth.LOCAL)));
    }
}
