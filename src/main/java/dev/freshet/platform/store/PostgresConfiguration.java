package dev.freshet.platform.store;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.pool.PooledRefMetadata;

/**
 * Connections to PostgreSQL. Statements that may take long have a pool per kind, with a time limit of its own: reading
 * pages, reading the log, and work in the background. All others use the main pool. LISTEN uses single connections.
 */
@Configuration(proxyBeanMethods = false)
class PostgresConfiguration {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(10);
    /** Time beyond the limit of a statement for its reply to arrive. */
    private static final Duration REPLY_ALLOWANCE = Duration.ofSeconds(10);

    private static final Duration MAX_IDLE_TIME = Duration.ofMinutes(10);
    private static final Duration MAX_LIFE_TIME = Duration.ofMinutes(30);

    private final PostgresUrl url;
    private final PostgresSettings settings;

    PostgresConfiguration(PostgresSettings settings) {
        this.url = PostgresUrl.parse(settings.url());
        this.settings = settings;
        DroppedErrors.handle();
    }

    @Bean
    MigrationConnection migrationConnection() {
        return new MigrationConnection(url);
    }

    /** Opens a connection per call; the caller closes it. Inject it by this name. */
    @Bean(defaultCandidate = false)
    PostgresqlConnectionFactory singleConnections() {
        return connections(Duration.ZERO);
    }

    private PostgresqlConnectionFactory connections(Duration statementTimeout) {
        var configuration = url.r2dbc()
                .applicationName("freshet")
                .connectTimeout(CONNECT_TIMEOUT)
                .preparedStatementCacheQueries(settings.statementCacheSize())
                .tcpKeepAlive(true)
                // Binary times: parsing their text took a fifth of reading a page.
                .forceBinary(true);
        if (statementTimeout.isPositive()) {
            configuration.statementTimeout(statementTimeout);
        }
        return new PostgresqlConnectionFactory(configuration.build());
    }

    @Bean(destroyMethod = "dispose")
    @Primary
    ConnectionPool connectionFactory() {
        return pool("main", settings.maxConnections(), settings.timeouts().statement());
    }

    @Bean
    ReactiveTransactionManager transactionManager(ConnectionFactory connectionFactory) {
        return new Transactions(connectionFactory);
    }

    /** The pool for reading pages, so that slow ones never delay an author. Inject it by this name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    ConnectionPool pageReads() {
        return pool(
                "page-reads",
                settings.maxPageReadConnections(),
                settings.timeouts().pageRead());
    }

    /** Transactions for reading pages. Inject them by this name. */
    @Bean(defaultCandidate = false)
    TransactionalOperator pageReadTransactions(@Qualifier("pageReads") ConnectionFactory pageReads) {
        return TransactionalOperator.create(new Transactions(pageReads));
    }

    /** The pool for reading the log. Inject it by this name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    ConnectionPool logReads() {
        return pool(
                "log-reads",
                settings.maxLogReadConnections(),
                settings.timeouts().logRead());
    }

    /** The one connection for statements that may take minutes, in the background. Inject it by this name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    ConnectionPool longStatements() {
        return pool("long-statements", 1, settings.timeouts().longStatement());
    }

    private ConnectionPool pool(String name, int size, Duration statementTimeout) {
        return new ConnectionPool(ConnectionPoolConfiguration.builder(new CancellingConnections(
                        connections(statementTimeout), statementTimeout.plus(REPLY_ALLOWANCE)))
                .name(name)
                .initialSize(0)
                .maxSize(size)
                .maxAcquireTime(ACQUIRE_TIMEOUT)
                .maxCreateConnectionTime(CONNECT_TIMEOUT)
                .maxIdleTime(MAX_IDLE_TIME)
                // Not preRelease, which a cancelled acquisition skips, though its caller may have begun a transaction.
                .customizer(pool -> pool.evictionPredicate(PostgresConfiguration::isUnusable)
                        .releaseHandler(connection -> ((CancellingConnection) connection).reset()))
                .build());
    }

    /**
     * Replaces the pool's own check of idle time and lifetime. It also skips connections that PostgreSQL closed: the
     * pool alone would give up after two of them, though all others of a restarted server are closed as well.
     */
    private static boolean isUnusable(Connection connection, PooledRefMetadata use) {
        return ((CancellingConnection) connection).isBroken()
                || use.idleTime() >= MAX_IDLE_TIME.toMillis()
                || use.lifeTime() >= MAX_LIFE_TIME.toMillis();
    }

    /** Creates connections that stop the statements of clients that leave. */
    private record CancellingConnections(PostgresqlConnectionFactory connections, Duration replyTimeout)
            implements ConnectionFactory {

        @Override
        public Publisher<? extends Connection> create() {
            return connections.create().map(connection -> new CancellingConnection(connection, replyTimeout));
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return connections.getMetadata();
        }
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
