package dev.freshet.load.chaos;

import dev.freshet.load.chaos.LogRow.Facets;
import java.io.IOException;
import java.sql.Array;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The feed log and the subscriptions as PostgreSQL has them, read without Freshet.
 *
 * @param database the URL for JDBC, with the password
 */
record StoredLog(String database) {

    /** Returns the epoch as cursors write it. */
    String epoch() throws IOException {
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select epoch from feed_clock")) {
            rows.next();
            return Long.toHexString(rows.getLong(1));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Returns whether all targets have received an event. */
    boolean hasDelivered() {
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select coalesce(bool_and(delivered > 0), true) from subscription")) {
            rows.next();
            return rows.getBoolean(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Describes the subscriptions whose cursor is not at the end of the log. */
    List<String> undelivered() throws IOException {
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select s.name, s.seq, c.seq, s.last_error from subscription s, feed_clock c
                        where s.epoch <> c.epoch or s.seq < c.seq order by s.name""")) {
            var behind = new ArrayList<String>();
            while (rows.next()) {
                behind.add(rows.getString(1) + " got events up to " + rows.getLong(2) + " only, of " + rows.getLong(3)
                        + "; last error: " + rows.getString(4));
            }
            return behind;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Reads the feed log from its beginning. */
    List<LogRow> rows() throws SQLException {
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.createStatement();
                var result = statement.executeQuery("select seq, type, article_id, tags, author, was_tags, was_author "
                        + "from feed_log order by seq")) {
            var log = new ArrayList<LogRow>();
            while (result.next()) {
                log.add(new LogRow(
                        result.getLong(1),
                        result.getString(2),
                        result.getString(3),
                        new Facets(tags(result.getArray(4)), result.getString(5)),
                        result.getString(7) == null
                                ? null
                                : new Facets(tags(result.getArray(6)), result.getString(7))));
            }
            return log;
        }
    }

    private static List<String> tags(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }
}
