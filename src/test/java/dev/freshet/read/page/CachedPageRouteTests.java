package dev.freshet.read.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CachedPageRouteTests {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ParameterizedTest
    @CsvSource({"none, false", "framework, true", "native, true"})
    void forwardedHeaders_areUsedAsConfigured(String strategy, boolean trusted) throws Exception {
        try (var instance = Freshet.start(
                Stores.database(),
                "",
                Map.of("freshet.samples", "false", "server.forward-headers-strategy", strategy))) {
            for (var path : new String[] {"/", "/api/v1/articles?format=atom"}) {
                var response =
                        get(instance.url() + path, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "news.example");
                assertThat(response.headers()
                                .firstValue("Strict-Transport-Security")
                                .isPresent())
                        .isEqualTo(trusted);
                if (path.contains("atom")) {
                    assertThat(response.body().contains("https://news.example/"))
                            .isEqualTo(trusted);
                }
            }
        }
    }

    @Test
    void acceptHeaders_doNotAffectOtherClients() throws Exception {
        var url = Freshet.shared(Map.of()).url() + "/api/v1/articles?tag=accept-headers";
        for (var i = 0; i < 2; i++) {
            assertThat(type(get(url, "Accept", "application/atom+xml;q=0.1", "Accept", "application/json")))
                    .isEqualTo("application/json");
            assertThat(type(get(url, "Accept", "application/atom+xml;q=0.1"))).isEqualTo("application/atom+xml");
        }
    }

    private static String type(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    @Test
    void uncachedPage_isAProblemWithoutPostgres() throws Exception {
        var url = Stores.database();
        try (var instance = Freshet.start(url, "", Map.of("freshet.samples", "false"))) {
            Stores.allowConnections(url, false);
            var response = get(instance.url() + "/api/v1/articles?tag=unknown");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            Stores.allowConnections(url, true);
            assertThat(get(instance.url() + "/api/v1/articles?tag=unknown").statusCode())
                    .isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(String url, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
