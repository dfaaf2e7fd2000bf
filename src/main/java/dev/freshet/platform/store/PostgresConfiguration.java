package dev.freshet.platform.store;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Connections to PostgreSQL: a main pool, a pool for reading the log, and single connections for LISTEN. */
@Configuration(proxyBeanMethods = false)
class PostgresConfiguration {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MAX_IDLE_TIME = Duration.ofMinutes(10);
    private static final Duration MAX_LIFE_TIME = Duration.ofMinutes(30);

    private final PostgresUrl url;
    private final PostgresSettings settings;

    PostgresConfiguration(PostgresSettings settings) {
        this.url = PostgresUrl.parse(settings.url());
        this.settings = settings;
    }

    @Bean
    MigrationConnection migrationConnection() {
        return new MigrationConnection(url);
    }

    /** Opens a connection per call; the caller closes it. Inject it by this name. */
    @Bean(defaultCandidate = false)
    PostgresqlConnectionFactory singleConnections() {
        return new PostgresqlConnectionFactory(url.r2dbc()
                .applicationName("freshet")
                .connectTimeout(CONNECT_TIMEOUT)
                .preparedStatementCacheQueries(settings.statementCacheSize())
                .tcpKeepAlive(true)
                // Binary times: parsing their text took a fifth of reading a page.
                .forceBinary(true)
                .build());
    }

    @Bean(destroyMethod = "dispose")
    @Primary
    ConnectionPool connectionFactory() {
        return pool("main", settings.maxConnections());
    }

    /** The pool for reading the log. Inject it by this name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    ConnectionPool logReads() {
        return pool("log-reads", settings.maxLogReadConnections());
    }

    private ConnectionPool pool(String name, int size) {
        return new ConnectionPool(ConnectionPoolConfiguration.builder(singleConnections())
                .name(name)
                .initialSize(0)
                .maxSize(size)
                .maxAcquireTime(ACQUIRE_TIMEOUT)
                .maxCreateConnectionTime(CONNECT_TIMEOUT)
                .maxIdleTime(MAX_IDLE_TIME)
                .maxLifeTime(MAX_LIFE_TIME)
                .build());
    }

    /** The connection details of Flyway, which uses them only if details of JDBC exist too. */
    record MigrationConnection(PostgresUrl url) implements FlywayConnectionDetails, JdbcConnectionDetails {

        @Override
        public String getUsername() {
            return url.user();
        }

        @Override
        public String getPassword() {
            return url.password();
        }

        @Override
        public String getJdbcUrl() {
            return url.jdbc();
        }

        @Override
        public String getDriverClassName() {
            return "org.postgresql.Driver";
        }

        /** Omits the password. */
        @Override
        public String toString() {
            return url.jdbc();
        }
    }
}
