package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

/** A search in any language finds articles in pages and in an open stream. */
class LanguageSearchTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String TOKEN = INSTANCE.token(Role.AUTHOR);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de | Die Häuser am Fjordsee | Haus fjordsee* | Der Wald am Fjordsee",
                "ja | 琵琶湖の天気は晴れ | 天気 琵琶湖 | 琵琶湖の歴史",
                "ar | الانتخابات في زنجبار | انتخاب زنجبار | السوق في زنجبار",
                "th | ร้านอาหารในเชียงราย | อาหาร เชียงราย | ตลาดในเชียงราย",
                "fr | L’école de Quimperlé | école title:quimperlé | La mairie de Quimperlé"
            })
    void searchFindsInPagesAndStreams(String language, String found, String q, String other) {
        var query = "q=" + URLEncoder.encode(q, StandardCharsets.UTF_8);
        var since = INSTANCE.get("/api/v1/articles?limit=1").text("cursor");
        var stream = INSTANCE.client()
                .get()
                .uri(URI.create(INSTANCE.url() + "/api/v1/articles?since=" + since + "&" + query))
                .accept(MediaType.APPLICATION_NDJSON)
                .retrieve()
                .bodyToFlux(String.class)
                .filter(line -> !line.isBlank())
                .map(JSON::readTree)
                .map(event -> event.path("type").asString() + " "
                        + event.path("article").path("title").asString());
        StepVerifier.create(stream)
                .then(() -> {
                    publish(language, other);
                    var article = publish(language, found);
                    // A change that takes the article out of the search.
                    send(HttpMethod.PATCH, article, "{\"title\": \"-\", \"summary\": \"-\"}", "If-Match", "*");
                    publish(language, found);
                })
                .expectNext("article.published " + found, "article.withdrawn ", "article.published " + found)
                .thenCancel()
                .verify(Duration.ofMinutes(2));
        var titles = INSTANCE.get("/api/v1/articles?" + query)
                .json()
                .path("items")
                .valueStream()
                .map(item -> item.path("title").asString());
        assertThat(titles).containsExactly(found);
    }

    private static String publish(String language, String title) {
        var reply = send(
                HttpMethod.POST,
                "/api/v1/articles",
                "{\"title\": \"%s\", \"language\": \"%s\", \"body\": \"\", \"status\": \"published\"}"
                        .formatted(title, language));
        return Objects.requireNonNull(reply.headers().getFirst("Location"));
    }

    private static Freshet.Reply send(HttpMethod method, String path, String body, String... headers) {
        var all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 4, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer " + TOKEN;
        all[2] = "Content-Type";
        all[3] = method.equals(HttpMethod.PATCH) ? "application/merge-patch+json" : "application/json";
        var reply = Freshet.get(INSTANCE.send(method, path, body, all));
        assertThat(reply.status().is2xxSuccessful()).as(reply.body()).isTrue();
        return reply;
    }
}
