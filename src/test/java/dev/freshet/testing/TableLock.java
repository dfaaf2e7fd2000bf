package dev.freshet.testing;

import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.util.Objects;

/** A transaction of a test in which statements of an instance wait, until it is closed. */
public final class TableLock implements AutoCloseable {

    private final PostgresqlConnection connection;

    private TableLock(PostgresqlConnection connection) {
        this.connection = connection;
    }

    /** Locks a table against all others. */
    public static TableLock of(Freshet instance, String table) {
        return by(instance, "lock table " + table + " in access exclusive mode");
    }

    /** Acquires the locks of a statement. */
    public static TableLock by(Freshet instance, String statement) {
        var connection = Objects.requireNonNull(instance.bean("singleConnections", PostgresqlConnectionFactory.class)
                .create()
                .block(Freshet.TIMEOUT));
        connection
                .beginTransaction()
                .thenMany(connection.createStatement(statement).execute().flatMap(result -> result.getRowsUpdated()))
                .then()
                .block(Freshet.TIMEOUT);
        return new TableLock(connection);
    }

    /** Returns the process of its connection at the server. */
    public int pid() {
        return Objects.requireNonNull(connection
                .createStatement("select pg_backend_pid()")
                .execute()
                .flatMap(result -> result.map(row -> row.get(0, Integer.class)))
                .blockFirst(Freshet.TIMEOUT));
    }

    /** Releases the locks. */
    public void release() {
        connection.close().block(Freshet.TIMEOUT);
    }

    /** Releases the locks unless they are released. */
    @Override
    public void close() {
        release();
    }
}
