package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;

/** The response to readers of a withdrawn article depends on whether they could read it before. */
class WithdrawnArticleTests {

    private static Freshet instance;
    private static String token;

    @BeforeAll
    static void start() {
        instance = Freshet.shared(Map.of());
        token = "Bearer " + instance.token(Role.AUTHOR);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"draft, 404", "scheduled, 404", "published, 410"})
    void apiAndPageReportTheSame(String status, int expected) {
        var article = "{\"title\":\"Withdrawn\",\"status\":\"" + status + "\""
                + (status.equals("scheduled") ? ",\"publishedAt\":\"2999-01-01T00:00:00Z\"}" : "}");
        var id = Freshet.get(instance.send(HttpMethod.POST, "/api/v1/articles", article, "Authorization", token))
                .text("id");
        var withdrawal = Freshet.get(instance.send(
                HttpMethod.DELETE, "/api/v1/articles/" + id, null, "Authorization", token, "If-Match", "*"));
        assertThat(withdrawal.code()).isEqualTo(204);

        assertThat(instance.get("/api/v1/articles/" + id).code()).isEqualTo(expected);
        assertThat(instance.get("/articles/" + id).code()).isEqualTo(expected);
    }
}
