package dev.freshet.content.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.StrictJson;
import dev.freshet.content.article.WebAddress;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is sent to be imported is read, reported entry by entry, or refused with a problem. */
@Timeout(600)
class ImportFuzzTests {

    private static final StrictJson JSON = new StrictJson(JsonMapper.shared());

    private static final DefaultDataBufferFactory BUFFERS = DefaultDataBufferFactory.sharedInstance;
    private static final int LIMIT = 1000;

    static Stream<byte[]> lines() {
        return Stream.of(
                        "{\"title\": \"T\", \"canonicalUrl\": \"https://e.example/a\", \"tags\": [\"b\"]}\r\n\r\n\uFEFF{}",
                        "\uFEFF{\"title\":\"T\",\"id\":\"1\",\"publishedAt\":\"2026-01-31T12:00:00Z\"}",
                        "{\"title\":\"T\",\"title\":1}\n{\"title\":\"T\"} x\n[1]\nnull\n\"\n{\"id\":1e999}",
                        "{\"title\":\"T\",\"canonicalUrl\":\"http://[/\",\"source\":\"s\",\"slug\":\"/\"}",
                        "{\"a\":".repeat(160) + "\n" + "x".repeat(2 * LIMIT) + "\n\r")
                .map(ImportFuzzTests::bytes);
    }

    /** However a body is cut, its lines are the same; and each is an article or is reported. */
    @MethodSource("lines")
    @FuzzTest
    void ndjson(byte @NotNull [] body) {
        var whole = split(body, Math.max(1, body.length));
        assertThat(shown(split(body, 1))).isEqualTo(shown(whole));
        assertThat(shown(split(body, 7))).isEqualTo(shown(whole));
        for (var line : whole) {
            if (line instanceof NdjsonLine.Text text) {
                assertThat(text.bytes().length).isBetween(1, LIMIT);
            }
            read(new NdjsonEntry(line, LIMIT, JSON));
        }
    }

    static Stream<byte[]> documents() {
        return Stream.of(
                        """
                        <?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>F</title>
                        <entry xml:lang="en-us"><id>urn:1</id><title type="html">&lt;b>T</title><link href="https://e.example/a/"/>
                        <published>2026-01-31T12:00:00Z</published><category term="x"/><author><name>A</name></author>
                        <summary>S</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>c</p></div></content>
                        </entry></feed>""",
                        """
                        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
                         xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>F</title><item><guid>1</guid><title>T</title>
                        <link>https://e.example/b</link><pubDate>Sat, 31 Jan 2026 12:00:00 GMT</pubDate><author>a@b (N)</author>
                        <enclosure url="x" length="y" type="z"/><description>d</description><dc:date>2026</dc:date>
                        <content:encoded><![CDATA[<p>c <img src=x>]]></content:encoded></item></channel></rss>""",
                        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">"
                                + "<channel><title>F</title></channel><item><title>T</title><link>l</link></item></rdf:RDF>",
                        "<rss version=\"0.91\"><channel><item><link/></item></channel></rss>",
                        "<rss version=\"2.0\"/>",
                        "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><entry/></feed>",
                        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><rss version=\"2.0\">&x;</rss>",
                        "<?xml version=\"1.0\" encoding=\"nonsense\"?><feed/>",
                        "<a>".repeat(600),
                        "<a " + "b='c' ".repeat(50) + "/>")
                .map(ImportFuzzTests::bytes);
    }

    @MethodSource("documents")
    @DictionaryEntries({
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<content",
        "<title>",
        "<link>",
        "<guid",
        "<pubDate>",
        "<updated>",
        "<author>",
        "<category",
        "type=\"html\"",
        "type=\"xhtml\"",
        "xml:lang=",
        "xml:base=",
        "<![CDATA[",
        "&#x",
        "xmlns:media=\"http://search.yahoo.com/mrss/\"",
        "<media:content",
        "xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"",
        "<itunes:duration>",
        "<image>",
        "<cloud",
        "<ttl>",
        "<skipHours>",
        "<textInput>",
        "<enclosure",
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
        "<dc:date>",
        "xmlns:georss=\"http://www.georss.org/georss\"",
        "<source"
    })
    @FuzzTest
    void xml(byte @NotNull [] document) {
        document(document);
    }

    static Stream<byte[]> jsonFeeds() {
        return Stream.of(
                        """
                        {"version": "https://jsonfeed.org/version/1.1", "language": "de", "authors": [{"name": "A"}],
                         "items": [{"id": 1, "url": "https://e.example/a", "title": "T", "content_html": "<p>c",
                         "date_published": "2026-01-31T12:00:00Z", "tags": ["x"]}, {"id": "2", "content_text": "a\\n\\nb"},
                         {"author": {"name": "B"}, "summary": "s", "date_modified": "x"}, 5]}""",
                        "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": {}}",
                        "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"id\": 1e99999, \"title\": \"T\"}]}",
                        "{\"version\": 1}",
                        "[".repeat(1000))
                .map(ImportFuzzTests::bytes);
    }

    @MethodSource("jsonFeeds")
    @DictionaryEntries({
        "https://jsonfeed.org/version/1",
        "\"items\":",
        "\"content_html\":",
        "\"content_text\":",
        "\"date_published\":",
        "\"authors\":",
        "\"author\":",
        "\"title\":\"T\"",
        "\"id\":",
        "\"url\":",
        "\"tags\":",
        "\"language\":"
    })
    @FuzzTest
    void jsonFeed(byte @NotNull [] document) {
        document(document);
    }

    static Stream<String> pages() {
        return Stream.of(
                "<h1>a</h1><p>b <b>c</b><br>d<ul><li>e<ol><li>f</ol></ul><pre><code class=language-x>g</code></pre>",
                "<table><tr><td>a|b<td colspan=99999>c</table><table><caption>x",
                "<table>" + "<tr>".repeat(50) + "<td>".repeat(50),
                "<blockquote><dl><dt>a<dd>b</dl><details><summary>c<kbd>d</kbd><math><mi>e<svg><title>f",
                "<a href='javascript:x'>`*_[x](y)<img alt='![](' src='a b'></a><sup>1<sub>2</sub><a id=x name=y>",
                "<ol start=99999999999><li value=-1>x</ol><input type=checkbox checked><font size=-99999>",
                "<b><i><b><i>".repeat(50) + "x",
                "&nbsp;&#0;&#xD800;&#x10FFFF;\0\uFFFE<p>\t\r\n");
    }

    @MethodSource("pages")
    @FuzzTest
    void html(@NotNull String html) {
        assertThat(isWellFormed(HtmlBody.of(FeedText.html(html), "", new Repairs())))
                .isTrue();
        assertThat(isWellFormed(FeedText.html(html).line())).isTrue();
        assertThat(isWellFormed(FeedText.html(html).label())).isTrue();
    }

    @MethodSource("pages")
    @FuzzTest
    void plainText(@NotNull String text) {
        assertThat(isWellFormed(HtmlBody.of(FeedText.plain(text), "", new Repairs())))
                .isTrue();
    }

    static Stream<String> urls() {
        return Stream.of(
                "https://E.example/a/b%20c/",
                "x", "http://[::1]/%F0%9D%92%9C", "https://e.example/" + "𝒜".repeat(101), "//", "mailto:a");
    }

    @MethodSource("urls")
    @FuzzTest
    void link(@NotNull String url) {
        var slug = CanonicalUrl.slug(url);
        if (slug != null) {
            assertThat(slug).matches("[\\p{L}\\p{M}\\p{N}._~-]{1,200}");
        }
        var repaired = WebAddress.of(url, "https://e.example/");
        assertThat(repaired == null || WebAddress.host(repaired) != null).isTrue();
    }

    /** The time to parse a document of repeated parts grows linearly with its length. */
    @ParameterizedTest
    @CsvSource({
        "xml, <author>, @, </author>",
        "xml, <author>, a@b ( , </author>",
        "xml, <pubDate>, 1, </pubDate>",
        "xml, <category>, 'a/', </category>",
        "xml, <link>, 'https://a/', </link>",
        "xml, '', '<category>a</category>', ''",
        "xml, '', '<author>a</author>', ''",
        "text, '', 'a ', ''",
        "text, '', ' ', ''",
        "text, x, '&#10;', x",
        "text, x, '&#10; ', x",
        "html, '', '<p>', ''",
        "html, '', '<b>', ''",
        "html, '', '<a href=x>', ''",
        "html, '', '<!--', ''",
        "html, '', '<a b=', ''",
        "html, '', '&', ''",
        "html, '', '*', ''",
        "html, '', 'a* ', ''",
        "html, '', '| ', ''",
        "html, <pre>, '&#10;', </pre>",
        "html, '', 'http://a ', ''",
        "html, <table>, '<tr><td>', </table>",
        "html, <table><tr>, '<td>', </table>",
        "html, '', '<table>', ''",
        "html, '', '<li>', ''",
        "html, '', '<br>', ''"
    })
    void repeated(String form, String beginning, String part, String end) {
        var text = (beginning + part.repeat(1_000_000 / part.length()) + end).replace("&#10;", "\n");
        UnaryOperator<String> rss = item ->
                "<rss version=\"2.0\"><channel><item><guid>1</guid><title>T</title>" + item + "</item></channel></rss>";
        var threads = java.lang.management.ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadCpuTime();
        switch (form) {
            case "xml" -> document(bytes(rss.apply(text)));
            case "text" -> read(entry(FeedText.plain(text)));
            default -> read(entry(FeedText.html(text)));
        }
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before)).isLessThan(Duration.ofSeconds(20));
    }

    private static ImportEntry entry(FeedText content) {
        var entry = new FeedEntry(
                1,
                new FeedDefaults("", List.of(), null, List.of(), null),
                new FeedEntry.Names("1", null, null, ""),
                new FeedEntry.Texts(FeedText.plain("T"), content, null),
                new FeedEntry.Labels(List.of(), List.of(), null),
                new FeedTime(null, null),
                new FeedMedia(List.of(), null));
        return new ImportEntry() {
            @Override
            public int line() {
                return 1;
            }

            @Override
            public int weight() {
                return content.text().length();
            }

            @Override
            public @Nullable Instant time() {
                return null;
            }

            @Override
            public ImportedArticle read() {
                return entry.read();
            }
        };
    }

    private static void document(byte[] document) {
        List<? extends ImportEntry> entries;
        try {
            entries = FeedDocument.read(new DocumentSource(document, null, null, ""), JSON)
                    .entries();
        } catch (ProblemException refusal) {
            assertThat(refusal.problem()).isEqualTo(Problem.INVALID_REQUEST);
            assertThat(refusal.getBody().getDetail()).doesNotContainPattern("Exception|\\b(org|com|java)\\.|/etc");
            return;
        }
        entries.forEach(ImportFuzzTests::read);
    }

    private static void read(ImportEntry entry) {
        try {
            var article = entry.read();
            assertThat(article.line()).isEqualTo(entry.line());
            assertThat(article.origin()).isNotBlank();
            var draft = article.draft();
            assertThat(draft.title()).isNotBlank();
            if (!(entry instanceof NdjsonEntry) && draft.summary() != null) {
                assertThat(draft.summary()).hasSizeLessThanOrEqualTo(1000);
            }
        } catch (UnreadableEntryException refusal) {
            assertThat(refusal.reason())
                    .isNotBlank()
                    .doesNotContainPattern("Exception|StreamRead|\\b(org|com|java|tools)\\.");
        }
    }

    private static List<NdjsonLine> split(byte[] body, int size) {
        var parts = new ArrayList<DataBuffer>();
        for (var at = 0; at < body.length; at += size) {
            parts.add(BUFFERS.wrap(java.util.Arrays.copyOfRange(body, at, Math.min(body.length, at + size))));
        }
        return Objects.requireNonNull(LineSplitter.lines(Flux.fromIterable(parts), LIMIT)
                .collectList()
                .block());
    }

    private static List<String> shown(List<NdjsonLine> lines) {
        return lines.stream()
                .map(line -> switch (line) {
                    case NdjsonLine.Text text ->
                        text.number() + ":" + new String(text.bytes(), StandardCharsets.ISO_8859_1);
                    case NdjsonLine.TooLong tooLong -> tooLong.number() + " too long";
                })
                .toList();
    }

    /** Whether a text can be written in UTF-8. */
    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
