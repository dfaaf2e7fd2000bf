package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreOutageTests {

    @Test
    void unavailableStoreReturns503UntilItReturns() throws SQLException {
        var url = Stores.database();
        try (var instance = Freshet.start(url, "", Map.of("freshet.samples", "false"))) {
            var api = Api.of(instance, "ann");
            var path = api.path("{\"title\": \"T\"}");
            Stores.allowConnections(url, false);
            for (var reply : List.of(api.read(path), api.post("{\"title\": \"U\"}"))) {
                assertThat(reply.code()).as(reply.body()).isEqualTo(503);
                assertThat(reply.headers().getFirst("Retry-After")).isEqualTo("5");
                assertThat(reply.text("type")).isEqualTo("/problems/unavailable");
            }
            Stores.allowConnections(url, true);
            assertThat(api.read(path).code()).isEqualTo(200);
        }
    }
}
