package dev.freshet.content.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

class ImportFormatTests {

    private static final StrictJson JSON = new StrictJson(JsonMapper.shared());

    @Test
    void ndjsonAndAtomGiveTheSameArticlesInTheSameOrder() throws IOException {
        var lines = new String(resource("excerpt.ndjson"), StandardCharsets.UTF_8)
                .lines()
                .toList();
        var feed = ImportFormat.XML.entries(resource("excerpt.atom"), MediaType.APPLICATION_ATOM_XML, JSON);

        assertThat(feed).hasSize(12).hasSameSizeAs(lines);
        for (int i = 0; i < 12; i++) {
            var line = line(lines.get(i)).read();
            var entry = feed.get(i).read();
            assertThat(entry.origin()).isEqualTo(line.origin());
            assertThat(entry.draft())
                    .usingRecursiveComparison()
                    .ignoringFields("body", "language", "source")
                    .isEqualTo(line.draft());
            assertThat(entry.draft().language()).isEqualTo("en-us");
            assertThat(entry.draft().source()).isEqualTo("blog.rust-lang.org");
        }
    }

    @Test
    void rssItemBecomesAnArticle() {
        var draft = only(ImportFormat.XML, """
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
                        "## Long\n\n```java\nint i;\n```",
                        List.of("B", "a"),
                        "Will Writer",
                        "example.org",
                        "https://Example.org/a/hello/",
                        "de-at",
                        Instant.parse("2003-06-10T04:00:00Z"),
                        null));
    }

    @Test
    void rssDescriptionAloneIsTheBody() {
        var draft = only(ImportFormat.XML, """
                <rss version="2.0"><channel><title>t</title><link>https://example.org/</link><description>d</description>
                <item><title>x</title><guid>g1</guid><description>&lt;p&gt;In &lt;b&gt;short&lt;/b&gt;&lt;/p&gt;</description>
                </item></channel></rss>""").draft();

        assertThat(draft.body()).isEqualTo("In **short**");
        assertThat(draft.summary()).isNull();
    }

    @Test
    void jsonFeedItemBecomesAnArticle() {
        var article = only(ImportFormat.JSON_FEED, """
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
        var entries = ImportFormat.JSON_FEED.entries("""
                {"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a"},"no",{"id":"3","title":3}]}""".getBytes(StandardCharsets.UTF_8), null, JSON);

        assertThat(entries).extracting(ImportEntry::line).containsExactlyInAnyOrder(1, 2, 3);
        assertUnreadable(byLine(entries, 2), "the item must be an object, but is text");
        assertUnreadable(byLine(entries, 3), "title must be text, but is a number");
        assertThat(byLine(entries, 1).read().draft().title()).isEqualTo("a");
    }

    @Test
    void tableWithoutAHeadKeepsItsCells() {
        var markdown =
                HtmlToMarkdown.markdown("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>");

        assertThat(text(markdown)).isEqualTo("a b c d");
        assertThat(html(markdown)).contains("<td>c</td>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE feed [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><feed xmlns='http://www.w3.org/2005/Atom'><title>&x;</title></feed>",
                "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><rss version='2.0'><channel><title>&b;</title></channel></rss>"
            })
    void documentWithADoctypeIsRefused(String document) {
        assertInvalid(ImportFormat.XML, document, "a DOCTYPE is not allowed");
    }

    @Test
    void documentThatIsNoFeedIsRefusedWithItsPlace() {
        assertInvalid(ImportFormat.XML, "<feed xmlns='http://www.w3.org/2005/Atom'>\n<title>cut o", "line 2, column");
        assertInvalid(ImportFormat.XML, "<html></html>", "neither Atom nor RSS");
        assertInvalid(ImportFormat.XML, "<a>".repeat(100_000), "line 1");
        assertInvalid(ImportFormat.XML, "", "empty");
        assertInvalid(ImportFormat.XML, "<feed>\u00ff</feed>", "is invalid", StandardCharsets.ISO_8859_1);
        assertInvalid(ImportFormat.JSON_FEED, "{\"title\":\"an article\"}", "has no version");
        assertInvalid(ImportFormat.JSON_FEED, "{\"version\":", "line 1, column");
        assertInvalid(ImportFormat.JSON_FEED, "[".repeat(100_000), "valid JSON");
    }

    @Test
    void manyEscapedCharactersAreNoEntityAttack() {
        var document = "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><title>x</title><id>i</id>"
                + "<content type='html'>" + "&lt;br&gt;".repeat(200_000) + "</content></entry></feed>";

        assertThat(ImportFormat.XML.entries(document.getBytes(StandardCharsets.UTF_8), null, JSON))
                .hasSize(1);
    }

    @Test
    void deeplyNestedHtmlIsSafe() {
        var deep =
                new FeedEntry(1, "i", null, "t", "<div><b>".repeat(50_000), false, null, List.of(), null, null, null);

        assertThat(text(deep.read().draft())).isEmpty();
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

    private static NdjsonEntry line(String json) {
        return new NdjsonEntry(new NdjsonLine.Text(1, json.getBytes(StandardCharsets.UTF_8)), 1000, JSON);
    }

    private static ImportedArticle only(ImportFormat format, String document) {
        var entries = format.entries(document.getBytes(StandardCharsets.UTF_8), null, JSON);
        assertThat(entries).hasSize(1);
        return entries.getFirst().read();
    }

    private static ImportEntry byLine(List<ImportEntry> entries, int line) {
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

    private static void assertInvalid(ImportFormat format, String document, String detail) {
        assertInvalid(format, document, detail, StandardCharsets.UTF_8);
    }

    private static void assertInvalid(
            ImportFormat format, String document, String detail, java.nio.charset.Charset charset) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> format.entries(document.getBytes(charset), null, JSON))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_REQUEST))
                .satisfies(e -> assertThat(e.getBody().getDetail()).contains(detail));
    }

    private static String text(ArticleDraft draft) {
        return text(Objects.requireNonNull(draft.body()));
    }

    private static String text(String markdown) {
        return Jsoup.parse(html(markdown)).text();
    }

    private static String html(String markdown) {
        var tables = List.of(TablesExtension.create());
        return HtmlRenderer.builder()
                .extensions(tables)
                .build()
                .render(Parser.builder().extensions(tables).build().parse(markdown));
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(ImportFormatTests.class.getResourceAsStream("/import/" + name))) {
            return in.readAllBytes();
        }
    }
}
