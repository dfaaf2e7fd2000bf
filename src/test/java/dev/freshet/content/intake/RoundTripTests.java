package dev.freshet.content.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Articles that leave one instance in any format arrive whole in another. */
class RoundTripTests {

    private static final JsonMapper JSON = new JsonMapper();

    /** A title, a body, a language and an author. */
    private static final List<List<String>> ARTICLES = List.of(
            List.of("a<b> & c", "```\nif x:\n\n    y()\n```\n\n    indented\n\n<pre>\n\n  two\n</pre>", "en", "Ann"),
            List.of(
                    "Q &amp; A",
                    "| a | b |\n|---|--:|\n| 1 | 2 |\n\nA note[^1].\n\n[^1]: The *note*.",
                    "de",
                    "Tom & Jerry"),
            List.of("😀 שלום", "<p dir=\"rtl\">שלום 😀</p>\n\n- [x] done\n- [ ] open", "he", "דנה"),
            List.of("हिन्दी \u2028 line", "Text with \u2028 and \u00a0 and \u200b.", "hi", "A &lt;b&gt;"),
            List.of(
                    "List<String> ]]>",
                    "# Heading\n\n![i](https://e.example/i.png \"t\") `<b>` ]]>",
                    "zh-Hant",
                    "x <y>"),
            List.of(
                    "'quotes' \"and\" more",
                    "> one\n>\n> 1. two\n\n[a](#heading) <https://e.example/?a=1&b=2>",
                    "pt-BR",
                    "O'Brien"),
            List.of(
                    "Contents",
                    "[TOC]\n\n## One\n\n<iframe src=\"https://www.youtube.com/embed/abc\" title=\"Film\"></iframe>",
                    "en",
                    "Ann"));

    private static Freshet from;
    private static Freshet to;
    private static String token;

    @BeforeAll
    static void publish() {
        from = Freshet.shared(Map.of());
        to = Freshet.start(Map.of());
        token = to.token(Role.AUTHOR);
        var author = from.token(Role.AUTHOR);
        var time = Instant.parse("2024-05-06T07:08:09.654321Z");
        for (var article : ARTICLES) {
            var json = JSON.createObjectNode()
                    .put("title", article.get(0))
                    .put("body", article.get(1))
                    .put("language", article.get(2))
                    .put("author", article.get(3))
                    .put("image", "https://e.example/cover.jpg")
                    .put("publishedAt", time.toString())
                    .put("status", "published");
            json.putArray("tags").add("trip").add("r&b").add("日本語");
            json.putArray("attachments")
                    .addObject()
                    .put("url", "https://e.example/a.mp3?x=1&y=2")
                    .put("type", "audio/mpeg")
                    .put("length", 12345)
                    .put("duration", 678)
                    .put("title", "One & <two>");
            var reply = Freshet.get(from.send(
                    HttpMethod.POST, "/api/v1/articles", json.toString(), "Authorization", "Bearer " + author));
            assertThat(reply.code()).as(reply.body()).isEqualTo(201);
            time = time.plusSeconds(61);
        }
        // An article of the time before the Gregorian calendar.
        var old =
                "{\"title\":\"Old\",\"tags\":[\"trip\"],\"publishedAt\":\"1500-03-01T00:00:00Z\",\"status\":\"published\"}";
        Freshet.get(from.send(HttpMethod.POST, "/api/v1/articles", old, "Authorization", "Bearer " + author));
    }

    @AfterAll
    static void stop() {
        to.close();
    }

    @ParameterizedTest
    @CsvSource({
        "application/atom+xml, &format=atom, MILLIS",
        "application/rss+xml, &format=rss, SECONDS",
        "application/feed+json, &format=json-feed, MILLIS",
        "application/x-ndjson, &since=earliest&follow=false, MILLIS"
    })
    void articlesArriveWhole(String type, String query, ChronoUnit precision) {
        var document = from.get("/api/v1/articles?tag=trip&fields=full" + query, "Accept", type);
        assertThat(document.code()).as(document.body()).isEqualTo(200);

        var summary = importInto(type, document.body());

        assertThat(summary.path("rejected").asInt()).as(summary.toString()).isZero();
        assertThat(summary.path("repaired").asInt()).as(summary.toString()).isZero();
        var expected = articles(from);
        var actual = articles(to);
        assertThat(actual).hasSize(ARTICLES.size() + 1).hasSameSizeAs(expected);
        for (var i = 0; i < expected.size(); i++) {
            assertThat(values(actual.get(i), precision)).isEqualTo(values(expected.get(i), precision));
        }
        assertThat(importInto(type, document.body()).path("unchanged").asInt()).isEqualTo(expected.size());
    }

    @Test
    void eventsThatAreNoArticlesAreReported() {
        var lines = importInto("application/x-ndjson", "{\"cursor\":\"1-2\",\"type\":\"live\"}\n");

        assertThat(lines.path("rejections").path(0).path("reason").asString())
                .isEqualTo("left out, because it is the event live");
    }

    private static JsonNode importInto(String type, String document) {
        var reply = Freshet.get(to.send(
                HttpMethod.POST,
                "/api/v1/imports",
                document,
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                type,
                "Accept",
                "application/json"));
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    private static List<JsonNode> articles(Freshet instance) {
        var page = instance.get("/api/v1/articles?tag=trip&fields=full", "Accept", "application/json")
                .json();
        return StreamSupport.stream(page.path("items").spliterator(), false)
                .sorted(Comparator.comparing(article -> article.path("title").asString()))
                .toList();
    }

    private static List<String> values(JsonNode article, ChronoUnit precision) {
        var html = Jsoup.parse(article.path("html").asString());
        var values = new ArrayList<String>();
        for (var field : List.of("title", "summary", "tags", "author", "language", "attachments", "image")) {
            values.add(field + ": " + article.path(field));
        }
        values.add("text: " + html.text());
        values.add("code: "
                + html.select("pre").stream().map(pre -> pre.wholeText()).toList());
        values.add("images: " + html.select("img").eachAttr("src"));
        values.add("boxes: " + html.select("input[checked]").size() + " of "
                + html.select("input").size());
        values.add(
                "time: " + Instant.parse(article.path("publishedAt").asString()).truncatedTo(precision));
        return values;
    }
}
