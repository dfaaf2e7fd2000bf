package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Streams whose start needs the database while it is unavailable. */
class StreamOutageTests {

    private static final String STREAM = "/api/v1/articles?follow=false&since=PT1H&format=";

    @Test
    void unavailableDatabaseClosesBrowsersAndRefusesOthers() throws SQLException {
        var database = Stores.database();
        try (var instance = Freshet.start(database, "", Map.of("freshet.samples", "false"))) {
            assertThat(instance.get(STREAM + "sse").body()).doesNotContain("closing");
            Stores.allowConnections(database, false);
            var browser = instance.get(STREAM + "sse");
            assertThat(browser.code()).isEqualTo(200);
            assertThat(browser.body()).contains("retry:", "event:closing", "\"reason\":\"unavailable\"");
            var other = instance.get(STREAM + "ndjson");
            assertThat(other.code()).isEqualTo(503);
            assertThat(other.headers().getFirst("Retry-After")).isEqualTo("5");
            assertThat(other.text("type")).isEqualTo("/problems/unavailable");
            Stores.allowConnections(database, true);
            Freshet.until(() -> instance.get(STREAM + "ndjson").code() == 200);
        }
    }
}
