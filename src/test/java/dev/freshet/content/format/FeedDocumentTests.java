package dev.freshet.content.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.RenderedMarkdown;
import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class FeedDocumentTests {

    private static final StrictJson JSON = new StrictJson(JsonMapper.shared());

    @Test
    void ndjsonAndAtomImportTheSameArticles() throws IOException {
        var lines = new String(resource("excerpt.ndjson"), StandardCharsets.UTF_8)
                .lines()
                .toList();
        var feed = entries(resource("excerpt.atom"));

        assertThat(feed).hasSize(12).hasSameSizeAs(lines);
        for (int i = 0; i < 12; i++) {
            var line = line(lines.get(i)).read();
            var entry = feed.get(i).read();
            assertThat(entry.origin()).isEqualTo(line.origin());
            assertThat(entry.draft())
                    .usingRecursiveComparison()
                    .ignoringFields("body", "language", "source")
                    .isEqualTo(line.draft());
            assertThat(entry.draft().language()).isEqualTo("en-US");
            assertThat(entry.draft().source()).isEqualTo("blog.rust-lang.org");
        }
    }

    @Test
    void rssItemBecomesAnArticle() {
        var draft = only("""
                <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>t</title>
                <link>https://example.org/</link><description>d</description><language>de-at</language>
                <item><title>Hello &amp; bye</title><link>https://Example.org/a/hello/</link><guid>g1</guid>
                <author>w@example.org (Will Writer)</author><category>B</category><category>a</category>
                <pubDate>Tue, 10 Jun 2003 04:00:00 GMT</pubDate><description>&lt;p&gt;In &lt;b&gt;short&lt;/b&gt;&lt;/p&gt;</description>
                <content:encoded><![CDATA[<h2>Long</h2><pre><code class="language-java">int i;</code></pre>]]></content:encoded>
                </item></channel></rss>""").draft();

        assertThat(draft)
                .isEqualTo(new ArticleDraft(
                        "Hello & bye",
                        "hello",
                        "In short",
                        "<div>\n<h2>Long</h2><pre><code class=\"language-java\">int i;</code></pre>\n</div>",
                        List.of("B", "a"),
                        "Will Writer",
                        "example.org",
                        "https://example.org/a/hello/",
                        "de-AT",
                        Instant.parse("2003-06-10T04:00:00Z"),
                        null,
                        null,
                        null));
    }

    @Test
    void rssDescriptionAloneIsTheBody() {
        var draft = only("""
                <rss version="2.0"><channel><title>t</title><link>https://example.org/</link><description>d</description>
                <item><title>x</title><guid>g1</guid><description>&lt;p&gt;In &lt;b&gt;short&lt;/b&gt;&lt;/p&gt;</description>
                </item></channel></rss>""").draft();

        assertThat(draft.body()).isEqualTo("<div>\n<p>In <b>short</b></p>\n</div>");
        assertThat(draft.summary()).isNull();
    }

    @Test
    void jsonFeedItemBecomesAnArticle() {
        var article = only("""
                {"version":"https://jsonfeed.org/version/1.1","title":"t","language":"fr","authors":[{"name":"Feed"}],
                 "items":[{"id":7,"title":"Salut","content_text":"one *\\n\\ntwo","tags":["x"],"date_modified":"2024-01-02T03:04:05+01:00"}]}""");

        assertThat(article.origin()).isEqualTo("7");
        assertThat(article.draft().author()).isEqualTo("Feed");
        assertThat(article.draft().language()).isEqualTo("fr");
        assertThat(article.draft().publishedAt()).isEqualTo(Instant.parse("2024-01-02T02:04:05Z"));
        assertThat(text(article.draft())).isEqualTo("one * two");
    }

    @Test
    void badItemIsReportedByNumberAndOthersAreImported() {
        var entries = entries("""
                {"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a"},"no",{"id":"3","title":3}]}""".getBytes(StandardCharsets.UTF_8));

        assertThat(entries).extracting(ImportEntry::line).containsExactlyInAnyOrder(1, 2, 3);
        assertUnreadable(byLine(entries, 2), "the item must be an object, but is text");
        assertThat(byLine(entries, 3).read().draft().title()).isEqualTo("3");
        assertThat(byLine(entries, 1).read().draft().title()).isEqualTo("a");
    }

    @Test
    void documentThatIsNoFeedIsRefused() {
        assertInvalid("<html></html>", "neither Atom nor RSS");
        assertInvalid("<a>".repeat(100_000), "nested too deeply");
        assertInvalid("", "empty");
        assertInvalid("{\"title\":\"an article\"}", "has no version");
        assertInvalid("{\"version\":", "line 1, column");
        assertInvalid("[".repeat(100_000), "valid JSON");
    }

    @Test
    void manyEscapedCharactersAreNoEntityAttack() {
        var document = "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><title>x</title><id>i</id>"
                + "<content type='html'>" + "&lt;br&gt;".repeat(200_000) + "</content></entry></feed>";

        assertThat(entries(document.getBytes(StandardCharsets.UTF_8))).hasSize(1);
    }

    @Test
    void deeplyNestedElementsAfterAFaultAreBounded() {
        var document = "<rss><channel><item><guid>1</guid><title>a & b</title>" + "<a>".repeat(900_000);

        assertThat(only(document).draft().title()).isEqualTo("a & b");
    }

    @Test
    void deeplyNestedHtmlKeepsText() {
        var deep = "&lt;div>&lt;b>".repeat(50_000) + "x";

        assertThat(text(only("<rss><channel><item><guid>1</guid><title>t</title><description>" + deep
                                + "</description></item></channel></rss>")
                        .draft()))
                .isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"title\":1}",
                "{\"body\":\"x\"}",
                "{\"title\":\"x\"} {}",
                "{\"title\":\" \"}",
                "{\"title\":\"x\"}",
                "{\"title\":\"x\",\"id\":\"1\",\"tags\":\"y\"}",
                "{\"title\":\"x\",\"id\":\"1\",\"publishedAt\":\"yesterday\"}"
            })
    void badLineIsRejected(String json) {
        assertThatExceptionOfType(UnreadableEntryException.class)
                .isThrownBy(() -> line(json).read());
    }

    @Test
    void lineOfWrongBytesOrTooDeepIsRejected() {
        assertUnreadable(
                new NdjsonEntry(
                        new NdjsonLine.Text(1, "{\"title\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)),
                        99,
                        JSON),
                "is not UTF-8 at byte 11");
        assertUnreadable(line("[".repeat(100_000)), "nested too deeply");
        assertUnreadable(new NdjsonEntry(new NdjsonLine.TooLong(1), 99, JSON), "longer than 99 bytes");
    }

    @Test
    void linksOfAnArticleFromElsewhereKeepTheirTargets() {
        var article = "\"title\":\"t\",\"canonicalUrl\":\"https://e.example/a/b\",\"body\":\"[x](c) ![y](/d.png)\"";
        assertThat(line("{" + article + "}").read().draft().body())
                .isEqualTo("[x](https://e.example/a/c) ![y](https://e.example/d.png)");
        // This program's own articles have links relative to their address here.
        assertThat(line("{\"version\":1," + article + "}").read().draft().body())
                .isEqualTo("[x](c) ![y](/d.png)");
    }

    private static NdjsonEntry line(String json) {
        return new NdjsonEntry(new NdjsonLine.Text(1, json.getBytes(StandardCharsets.UTF_8)), 1000, JSON);
    }

    private static List<? extends ImportEntry> entries(byte[] document) {
        return FeedDocument.read(new DocumentSource(document, null, null, ""), JSON)
                .entries();
    }

    private static ImportedArticle only(String document) {
        var entries = entries(document.getBytes(StandardCharsets.UTF_8));
        assertThat(entries).hasSize(1);
        return entries.getFirst().read();
    }

    private static ImportEntry byLine(List<? extends ImportEntry> entries, int line) {
        return entries.stream()
                .filter(entry -> entry.line() == line)
                .findFirst()
                .orElseThrow();
    }

    private static void assertUnreadable(ImportEntry entry, String reason) {
        assertThatExceptionOfType(UnreadableEntryException.class)
                .isThrownBy(entry::read)
                .satisfies(e -> assertThat(e.reason()).contains(reason));
    }

    private static void assertInvalid(String document, String detail) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> entries(document.getBytes(StandardCharsets.UTF_8)))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_REQUEST))
                .satisfies(e -> assertThat(e.getBody().getDetail()).contains(detail));
    }

    private static String text(ArticleDraft draft) {
        return Jsoup.parse(RenderedMarkdown.html(Objects.requireNonNull(draft.body())))
                .text();
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(FeedDocumentTests.class.getResourceAsStream("/import/" + name))) {
            return in.readAllBytes();
        }
    }
}
