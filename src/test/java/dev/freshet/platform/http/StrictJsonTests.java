package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.RawHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON bodies that parsers read differently. */
class StrictJsonTests {

    private static final String JSON = "application/json";

    @ParameterizedTest
    @CsvSource({
        "POST /api/v1/articles, '{\"title\": \"T\"}'",
        "POST /api/v1/session, '{\"name\": \"n\", \"password\": \"a long enough password\"}'",
        "POST /api/v1/tokens, '{\"name\": \"n\", \"scopes\": [\"articles:write\"]}'",
        "POST /api/v1/accounts, '{\"name\": \"new\", \"role\": \"author\", \"password\": \"a long enough password\"}'",
        "POST /api/v1/password-resets, '{\"name\": \"n\"}'"
    })
    void everyRouteRefusesAmbiguousJson(String route, String json) throws IOException {
        var field = json.substring(1, json.indexOf(',') < 0 ? json.length() - 1 : json.indexOf(','));
        assertRefused(route, JSON, utf8("{" + field + "," + json.substring(1)));
        assertRefused(route, JSON, json.getBytes(StandardCharsets.UTF_16BE));
        assertRefused(route, JSON, json.getBytes(StandardCharsets.UTF_16));
        assertRefused(route, JSON, json.getBytes(StandardCharsets.UTF_16LE));
        assertRefused(route, JSON, json.getBytes(Charset.forName("UTF-32")));
        assertRefused(route, JSON + ";charset=UTF-16", json.getBytes(StandardCharsets.UTF_16));
        assertRefused(route, JSON + ";charset=ISO-8859-1", json.getBytes(StandardCharsets.ISO_8859_1));
        var text = json.indexOf("\": \"") + 4;
        for (var bytes : new int[][] {
            {0xc1, 0x81}, {0xe0, 0x81, 0x81}, {0xed, 0xa0, 0x80}, {0xff}, {0xc3}, {0xf5, 0x80, 0x80, 0x80}
        }) {
            assertRefused(route, JSON, with(utf8(json), text, bytes));
        }
    }

    private static void assertRefused(String route, String type, byte[] body) throws IOException {
        var instance = Freshet.shared(Map.of());
        var head = route + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + instance.token(Role.ADMIN) + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                + "\r\n\r\n";
        var request = new ByteArrayOutputStream();
        request.writeBytes(utf8(head));
        request.writeBytes(body);
        var answer = RawHttp.send(instance.port(), request.toByteArray());
        assertThat(answer.status())
                .as("%s %s %s: %s", route, type, new String(body, StandardCharsets.ISO_8859_1), answer)
                .isEqualTo(400);
        assertThat(answer.body()).contains("/problems/invalid-request", "not valid JSON");
    }

    private static byte[] with(byte[] text, int at, int[] inserted) {
        var bytes = new ByteArrayOutputStream();
        bytes.write(text, 0, at);
        for (var each : inserted) {
            bytes.write(each);
        }
        bytes.write(text, at, text.length - at);
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
