package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Routes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

/** Unknown and repeated parameters, on every operation of the API. */
class ParameterTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());

    @Test
    void everyOperationRefusesUnknownParameters() {
        var token = INSTANCE.token(Role.ADMIN);
        var operations = Routes.of(INSTANCE).stream()
                .map(route -> route.split(" ", 2))
                .filter(route -> route[1].startsWith("/api/") && !route[0].equals("OPTIONS"))
                .toList();
        assertThat(operations).hasSizeGreaterThan(20);
        for (var operation : operations) {
            var path = operation[1].replaceAll("\\{[^}]*}", "00000000-0000-0000-0000-000000000000") + "?sinse=1";
            var body = operation[0].equals("GET") || operation[0].equals("DELETE") ? null : "{}";
            var reply = Freshet.get(
                    INSTANCE.send(HttpMethod.valueOf(operation[0]), path, body, "Authorization", "Bearer " + token));
            assertThat(reply.code())
                    .as("%s %s: %s", operation[0], path, reply.body())
                    .isEqualTo(400);
            assertThat(reply.text("detail")).contains("Unknown parameter: sinse.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/articles?tags=java, tags",
        "/api/v1/articles?page=2, page",
        "/api/v1/articles?format=atom&utm_source=x, utm_source",
        "/api/v1/articles?format=sse&sinse=x, sinse",
        "/api/v1/articles?format=sse&lang=de, lang",
        "/api/v1/articles?lang=de, lang",
        "/api/v1/feeds?before=x, before"
    })
    void problemNamesTheKnownParameters(String path, String unknown) {
        var reply = INSTANCE.get(path);
        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.text("detail"))
                .startsWith("Unknown parameter: " + unknown + ". Known parameters: ")
                .contains("format", "limit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/articles?limit=1&limit=2",
                "/api/v1/articles?format=ndjson&follow=false&since=earliest&since=latest",
                "/api/v1/articles?q=a&q=a",
                "/api/v1/feeds?kind=tag&kind=author"
            })
    void repeatedParameterIsRefused(String path) {
        var reply = INSTANCE.get(path);
        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.text("detail")).contains("is repeated");
    }

    @Test
    void readersPageIgnoresUnknownParameters() {
        INSTANCE.get("/?tag=appended");
        for (var appended : List.of("utm_source=news&utm_medium=mail", "fbclid=x", "gclid=y", "mc_cid=1&mc_cid=2")) {
            var reply = INSTANCE.get("/?tag=appended&" + appended);
            assertThat(reply.code()).isEqualTo(200);
            assertThat(reply.headers().getFirst("Cache-Status")).contains("hit");
        }
    }
}
