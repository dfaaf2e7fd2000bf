package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

class ErrorTests {

    private static final String UNKNOWN = "/api/v1/articles/00000000-0000-7000-8000-000000000000";

    private static Freshet instance;
    private static Api api;

    @BeforeAll
    static void start() {
        instance = Freshet.shared(Map.of());
        api = Api.of(instance, "ann");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|JSON",
                "[]|object",
                "\"text\"|object",
                "{\"title\": \"T\"} x|JSON",
                "{}|title is required",
                "{\"title\": null}|title is required",
                "{\"title\": \"  \"}|title is required",
                "{\"title\": 5}|title",
                "{\"title\": {}}|title",
                "{\"title\": \"T\", \"titel\": 1}|titel is not a field",
                "{\"title\": \"T\", \"html\": \"x\"}|html is not a field",
                "{\"title\": \"a\\u0000b\"}|title must not contain U+0000",
                "{\"title\": \"T\", \"body\": \"\\u0000\"}|body must not contain U+0000",
                "{\"title\": \"T\", \"body\": \"\\ud800\"}|body must not contain",
                "{\"title\": \"T\", \"tags\": [\"\\u0000\"]}|tags must not contain",
                "{\"title\": \"T\", \"tags\": [\"a\", null]}|tags[1]",
                "{\"title\": \"T\", \"tags\": \"a\"}|tags",
                "{\"title\": \"T\", \"tags\": [[]]}|tags[0]",
                "{\"title\": \"T\", \"slug\": \"a b\"}|slug must have",
                "{\"title\": \"T\", \"status\": \"secret\"}|status",
                "{\"title\": \"T\", \"status\": 2}|status",
                "{\"title\": \"T\", \"publishedAt\": \"yesterday\"}|publishedAt",
                "{\"title\": \"T\", \"publishedAt\": 17}|publishedAt",
                "{\"title\": \"T\", \"publishedAt\": \"\"}|publishedAt must be a time",
                "{\"title\": \"T\", \"publishedAt\": \" \"}|publishedAt must be a time",
                "{\"title\": \"T\", \"status\": \"\"}|status must be one of",
                "{\"title\": \"T\", \"tags\": \"\"}|tags must be an array",
                "{\"title\": \"T\", \"attachments\": \"\"}|attachments must be an array",
                "{\"title\": \"T\", \"attachments\": [\"\"]}|attachments[0] must be an object",
                "{\"title\": \"T\", \"publishedAt\": \"+123456789-01-01T00:00:00Z\"}|publishedAt must be in the years",
                "{\"title\": \"T\", \"canonicalUrl\": \"javascript:alert(1)\"}|canonicalUrl must be",
                "{\"title\": \"T\", \"canonicalUrl\": \"/relative\"}|canonicalUrl must be",
                "{\"title\": \"T\", \"language\": \"not a language\"}|language must be"
            })
    void invalidFieldIsNamed(String json, String expected) {
        var reply = api.post(json);
        assertThat(reply.code()).as(reply.body()).isEqualTo(400);
        assertThat(reply.text("detail")).contains(expected);
        assertProblem(reply);
    }

    @Test
    void eachFaultIsListed() {
        var reply = api.post("{\"title\": \"" + "x".repeat(301) + "\", \"slug\": \"/\", \"language\": \"?\"}");
        assertThat(reply.json()
                        .path("errors")
                        .valueStream()
                        .map(error -> error.path("field").asString()))
                .containsExactly("language", "slug", "title");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"title\": \" \"}",
                "{\"title\": \"T\", \"tags\": [\"\", \" \", \"\"]}",
                "{\"title\": \"T\", \"attachments\": [{\"url\": \"x\"}, {\"url\": \"x\"}]}",
                "{\"title\": \"T\", \"canonicalUrl\": \"\", \"image\": \"\"}"
            })
    void eachFaultIsReportedOnce(String json) {
        var errors = api.post(json)
                .json()
                .path("errors")
                .valueStream()
                .map(Object::toString)
                .toList();

        assertThat(errors).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void deeplyNestedJsonIsRefused() {
        assertThat(api.post("{\"title\": " + "[".repeat(100_000)).code()).isEqualTo(400);
        assertThat(api.post("{\"tags\": " + "{\"a\":".repeat(100_000)).code()).isEqualTo(400);
    }

    @Test
    void largestArticleIsAcceptedAndALargerOneRefused() {
        assertThat(api.post("{\"title\": \"T\", \"body\": \"" + "é".repeat(524_288) + "\"}")
                        .code())
                .isEqualTo(201);
        assertThat(api.post("{\"title\": \"T\", \"body\": \"" + "e".repeat(524_289) + "\"}")
                        .code())
                .isEqualTo(400);
        assertThat(api.post("{\"title\": \"T\", \"body\": \"" + "e".repeat(5_000_000) + "\"}")
                        .code())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-a-uuid", "%00", "1", "00000000-0000-7000-8000-000000000000"})
    void unknownPathReturns404(String id) {
        var reply = api.read("/api/v1/articles/{id}".replace("{id}", id));
        assertThat(reply.code()).isIn(404, 400);
        assertProblem(reply);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/event-stream",
                "application/x-ndjson",
                "text/html",
                "image/png",
                "application/json",
                "nonsense"
            })
    void errorIsAProblemForAnyAcceptHeader(String accept) {
        var reply = instance.get("/nothing/here", "Accept", accept);
        assertThat(reply.code()).isEqualTo(404);
        assertProblem(reply);
        var refused = Freshet.get(instance.send(HttpMethod.POST, "/api/v1/articles", null, "Accept", accept));
        assertThat(refused.code()).isEqualTo(401);
        assertProblem(refused);
    }

    @Test
    void wrongMethodNamesTheRightOnes() {
        var reply = api.exchange(HttpMethod.POST, UNKNOWN, "{}", "application/json");
        assertThat(reply.code()).isEqualTo(405);
        assertThat(reply.headers().getAllow())
                .contains(HttpMethod.GET, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);
        assertProblem(reply);
    }

    @Test
    void wrongMediaTypesAreNamed() {
        var sent = api.exchange(HttpMethod.POST, "/api/v1/articles", "title=T", "application/x-www-form-urlencoded");
        assertThat(sent.code()).isEqualTo(415);
        assertProblem(sent);
        var path = api.path("{\"title\": \"T\"}");
        var accepted = api.read(path, "Accept", "image/png");
        assertThat(accepted.code()).isEqualTo(406);
        assertProblem(accepted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\tb"})
    void invalidIdempotencyKeyIsRefused(String key) {
        assertThat(api.post("{\"title\": \"T\"}", "Idempotency-Key", key).code())
                .isEqualTo(400);
        assertThat(api.post("{\"title\": \"T\"}", "Idempotency-Key", "k".repeat(256))
                        .code())
                .isEqualTo(400);
    }

    @Test
    void problemIsExplainedAtItsType() {
        var type = api.read("/nothing").text("type");
        assertThat(instance.get(type, "Accept", "text/html").body()).contains("<h1>Not found</h1>");
        assertThat(instance.get(type).text("hint")).isNotEmpty();
        assertThat(api.read("/problems/none").code()).isEqualTo(404);
    }

    private static void assertProblem(Freshet.Reply reply) {
        assertThat(reply.headers().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        var json = reply.json();
        assertThat(json.path("type").asString("")).startsWith("/problems/");
        assertThat(json.path("title").asString("")).isNotEmpty();
        assertThat(json.path("detail").asString("")).isNotEmpty();
        assertThat(json.path("hint").asString("")).isNotEmpty();
        assertThat(json.path("status").asInt(0)).isEqualTo(reply.code());
        assertThat(reply.body())
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContain("\"trace\"");
    }
}
