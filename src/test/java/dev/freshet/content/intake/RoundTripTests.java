package dev.freshet.content.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;
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

    private static final List<String> FEEDS = List.of(
            "01-fraction.atom",
            "02-title-entities.rss",
            "03-no-title.rss",
            "04-one-link.rss",
            "05-image-named-like-an-emoji.rss",
            "06-highlighted-code.rss",
            "07-sub-sup-abbr-ins.rss",
            "08-text-becomes-markup.rss",
            "09-table-cells.rss",
            "10-podcast.rss",
            "11-base.atom",
            "12-not-quite-xml.rss",
            "13-dates.rss",
            "14-namespace.rss");

    private static Freshet from;
    private static String fromToken;
    private static Freshet to;
    private static String token;

    @BeforeAll
    static void publish() {
        from = Freshet.shared(Map.of());
        to = Freshet.start(Map.of());
        token = to.token(Role.AUTHOR);
        fromToken = from.token(Role.AUTHOR);
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
                    HttpMethod.POST, "/api/v1/articles", json.toString(), "Authorization", "Bearer " + fromToken));
            assertThat(reply.code()).as(reply.body()).isEqualTo(201);
            time = time.plusSeconds(61);
        }
        // An article of the time before the Gregorian calendar.
        var old =
                "{\"title\":\"Old\",\"tags\":[\"trip\"],\"publishedAt\":\"1500-03-01T00:00:00Z\",\"status\":\"published\"}";
        Freshet.get(from.send(HttpMethod.POST, "/api/v1/articles", old, "Authorization", "Bearer " + fromToken));
        importFeeds();
    }

    /** Imports the feeds of publishers, so that what they send is published too. */
    private static void importFeeds() {
        for (var file : FEEDS) {
            var feed = resource(file)
                    .replace("blog.example.org", "trip.example")
                    .replace("social.example.org", "trip.example")
                    .replace("show.example.org", "trip.example");
            var summary = importInto(from, fromToken, "application/xml", feed);
            assertThat(summary.path("created").asInt()).as(file).isPositive();
        }
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
        arriveWhole("&tag=trip", ARTICLES.size() + 1, type, query, precision);
        arriveWhole("&source=trip.example", 23, type, query, precision);
    }

    private static void arriveWhole(String feed, int count, String type, String query, ChronoUnit precision) {
        var document = from.get("/api/v1/articles?fields=full&limit=100" + feed + query, "Accept", type);
        assertThat(document.code()).as(document.body()).isEqualTo(200);

        var summary = importInto(to, token, type, document.body());

        assertThat(summary.path("rejected").asInt()).as(summary.toString()).isZero();
        assertThat(summary.path("repaired").asInt()).as(summary.toString()).isZero();
        var expected = articles(from, feed);
        assertThat(expected.size()).isEqualTo(count);
        var actual = imported(expected);
        for (var i = 0; i < expected.size(); i++) {
            assertThat(values(actual.get(i), precision)).isEqualTo(values(expected.get(i), precision));
        }
        assertThat(importInto(to, token, type, document.body())
                        .path("unchanged")
                        .asInt())
                .isEqualTo(expected.size());
    }

    @ParameterizedTest
    @CsvSource({"atom, content", "rss, content|encoded"})
    void codeBlocksKeepTheirLines(String format, String element) {
        var article = resource("15-code-block.article.json");
        Freshet.get(from.send(HttpMethod.POST, "/api/v1/articles", article, "Authorization", "Bearer " + fromToken));

        var feed = from.get("/api/v1/articles?tag=code-block&fields=full&format=" + format)
                .body();
        var html =
                Jsoup.parse(feed, "", Parser.xmlParser()).expectFirst(element).wholeText();
        assertThat(Jsoup.parse(html).expectFirst("pre code").wholeText()).isEqualTo("if x:\n    y()\n");
    }

    @Test
    void eventsThatAreNoArticlesAreReported() {
        var lines = importInto(to, token, "application/x-ndjson", "{\"cursor\":\"1-2\",\"type\":\"live\"}\n");

        assertThat(lines.path("rejections").path(0).path("reason").asString())
                .isEqualTo("left out, because it is the event live");
    }

    @Test
    void itemsOfPagesAreAcceptedAsLines() {
        var expected = articles(from, "&source=trip.example");
        var lines = expected.stream().map(JsonNode::toString).collect(Collectors.joining("\n"));

        var summary = importInto(to, token, "application/x-ndjson", lines);

        assertThat(summary.path("rejected").asInt()).as(summary.toString()).isZero();
        var actual = imported(expected);
        for (var i = 0; i < expected.size(); i++) {
            assertThat(values(actual.get(i), ChronoUnit.MILLIS)).isEqualTo(values(expected.get(i), ChronoUnit.MILLIS));
        }
    }

    private static String resource(String name) {
        try (var in = Objects.requireNonNull(RoundTripTests.class.getResourceAsStream("/feeds/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode importInto(Freshet instance, String authorization, String type, String document) {
        var reply = Freshet.get(instance.send(
                HttpMethod.POST,
                "/api/v1/imports",
                document,
                "Authorization",
                "Bearer " + authorization,
                "Content-Type",
                type,
                "Accept",
                "application/json"));
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    /** Returns the articles of the second instance with the titles of these, in the same order. */
    private static List<JsonNode> imported(List<JsonNode> originals) {
        var titles = originals.stream()
                .map(original -> original.path("title").asString())
                .toList();
        return articles(to, "").stream()
                .filter(article -> titles.contains(article.path("title").asString()))
                .toList();
    }

    private static List<JsonNode> articles(Freshet instance, String feed) {
        var page = instance.get("/api/v1/articles?fields=full&limit=100" + feed, "Accept", "application/json")
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
