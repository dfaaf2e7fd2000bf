package dev.freshet.article;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Instance;
import dev.freshet.testing.Stores;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreOutageTests {

    @Test
    void withoutItsStoreTheServerSaysThatItIsNotAvailableAndRecovers() throws SQLException {
        var url = Stores.database();
        try (var instance = Instance.start(url, "", Map.of("freshet.samples", "false"))) {
            var api = Api.of(instance, "ann");
            var path = api.path("{\"title\": \"T\"}");
            allowConnections(url, false);
            for (var reply : List.of(api.read(path), api.post("{\"title\": \"U\"}"))) {
                assertThat(reply.code()).as(reply.body()).isEqualTo(503);
                assertThat(reply.headers().getFirst("Retry-After")).isEqualTo("5");
                assertThat(reply.text("type")).isEqualTo("/problems/unavailable");
            }
            allowConnections(url, true);
            assertThat(api.read(path).code()).isEqualTo(200);
        }
    }

    private static void allowConnections(String url, boolean allowed) throws SQLException {
        var address = URI.create(url);
        var user = address.getUserInfo().split(":", 2);
        var database = address.getPath().substring(1);
        var jdbc = "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + "/postgres";
        try (var connection = DriverManager.getConnection(jdbc, user[0], user[1]);
                var statement = connection.createStatement()) {
            statement.execute("alter database " + database + " allow_connections " + allowed);
            if (!allowed) {
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database + "'");
            }
        }
    }
}
