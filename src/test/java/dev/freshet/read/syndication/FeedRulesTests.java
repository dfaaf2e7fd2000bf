package dev.freshet.read.syndication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleContent;
import dev.freshet.content.article.Attachment;
import dev.freshet.content.article.Publication;
import dev.freshet.content.article.RenderedMarkdown;
import dev.freshet.content.article.Status;
import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.Fields;
import dev.freshet.read.page.PageQuery;
import dev.freshet.read.page.PageRenderer;
import dev.freshet.read.page.SyndicationSettings;
import dev.freshet.read.page.XmlText;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.json.JsonMapper;

/** The rules of the W3C feed validator, over articles with difficult texts. */
class FeedRulesTests {

    private static final String ORIGIN = "https://news.example";
    private static final String RFC_822 =
            "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \\d{4} \\d{2}:\\d{2}:\\d{2} GMT";
    private static final List<String> TITLES = List.of(
            "a<b> & c", "😀🏳️‍🌈", "שלום עולם", "line\u2028separator", "control\u0001\u000b", "]]> &amp; &#8217;");
    private static final List<String> BODIES = List.of(
            "```\nif x:\n\n    y()\n```",
            "| a | b |\n|---|--:|\n| 1 | 2 |",
            "A note[^1] and ![i](/images/0123456789abcdef0123456789abcdef.png).\n\n[^1]: The *note*.",
            "[up](#top) [other](../x?a=1&b=2)\n\n<video src=\"https://e.example/v.mp4\"></video>",
            "]]> <!-- c --> \u0001 \uFFFE &#1; <script>alert(1)</script>");

    private final SyndicationSettings settings = new SyndicationSettings(URI.create("https://hub.example/"), false);

    @Test
    void atomIsValid() throws Exception {
        var root = parse(render(new AtomPages(new FeedWriter(), settings))).getDocumentElement();

        assertThat(List.of(text(root, "id"), text(root, "title"))).noneMatch(String::isBlank);
        assertThat(OffsetDateTime.parse(text(root, "updated"))).isNotNull();
        assertThat(elements(root, "link"))
                .anyMatch(link -> link.getAttribute("rel").equals("self"));
        var ids = new HashSet<String>();
        var entries = elements(root, "entry");
        assertThat(entries).hasSize(30);
        for (var entry : entries) {
            assertThat(ids.add(text(entry, "id"))).isTrue();
            assertThat(List.of(text(entry, "title"), text(entry, "summary"))).noneMatch(String::isBlank);
            assertThat(elements(entry, "author"))
                    .hasSize(1)
                    .allSatisfy(author -> assertThat(text(author, "name")).isNotBlank());
            assertThat(elements(entry, "category"))
                    .hasSize(2)
                    .noneMatch(category -> category.getAttribute("term").isBlank());
            assertThat(OffsetDateTime.parse(text(entry, "updated"))).isNotNull();
            assertThat(entry.getAttribute("xml:lang")).matches("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*");
            elements(entry, "link").forEach(link -> assertAbsolute(link.getAttribute("href")));
            assertThat(elements(entry, "link").stream()
                            .filter(link -> link.getAttribute("rel").equals("alternate")))
                    .hasSize(1);
            assertThat(elements(entry, "link"))
                    .filteredOn(link -> link.getAttribute("rel").equals("enclosure"))
                    .hasSize(1)
                    .allSatisfy(FeedRulesTests::assertFile);
            assertThat(elements(entry, "content").getFirst().getAttribute("type"))
                    .isEqualTo("html");
            assertBody(text(entry, "content"));
            assertMedia(entry);
        }
    }

    @Test
    void rssIsValid() throws Exception {
        var channel = elements(
                        parse(render(new RssPages(new FeedWriter(), settings))).getDocumentElement(), "channel")
                .getFirst();

        assertThat(List.of(text(channel, "title"), text(channel, "description")))
                .noneMatch(String::isBlank);
        assertAbsolute(text(channel, "link"));
        assertThat(elements(channel, "atom:link"))
                .anyMatch(link -> link.getAttribute("rel").equals("self"));
        assertThat(text(channel, "language")).isEqualTo("pt-BR");
        assertThat(text(channel, "lastBuildDate")).matches(RFC_822);
        var items = elements(channel, "item");
        assertThat(items).hasSize(30);
        for (var i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var title = XmlText.of(TITLES.get(i / BODIES.size()));
            for (var name : List.of("title", "description")) {
                assertThat(text(item, name)).isEqualTo(XmlText.of(text(item, name)));
                // Readers decode it once.
                assertThat(Parser.unescapeEntities(text(item, name), false)).isEqualTo(title);
                assertThat(Jsoup.parse(text(item, name)).body().children()).isEmpty();
            }
            assertThat(text(item, "dc:creator")).isNotBlank();
            assertThat(text(item, "dc:language")).isEqualTo("pt-BR");
            assertThat(elements(item, "category"))
                    .hasSize(2)
                    .noneMatch(category -> category.getTextContent().isBlank());
            assertThat(names(item)).containsSubsequence("description", "content:encoded");
            assertThat(text(item, "pubDate")).matches(RFC_822);
            assertAbsolute(text(item, "link"));
            assertThat(elements(item, "guid").getFirst().getAttribute("isPermaLink"))
                    .isEqualTo("false");
            assertThat(elements(item, "enclosure")).hasSize(1).allSatisfy(enclosure -> {
                assertAbsolute(enclosure.getAttribute("url"));
                assertFile(enclosure);
            });
            assertBody(text(item, "content:encoded"));
            assertMedia(item);
        }
    }

    @Test
    void jsonFeedIsValid() {
        var feed = JsonMapper.shared().readTree(render(new JsonFeedPages(JsonMapper.shared(), settings)));

        assertThat(feed.path("version").asString()).isEqualTo("https://jsonfeed.org/version/1.1");
        assertThat(feed.path("title").asString()).isNotBlank();
        assertAbsolute(feed.path("home_page_url").asString());
        assertAbsolute(feed.path("feed_url").asString());
        assertThat(feed.path("items").size()).isEqualTo(30);
        for (var item : feed.path("items")) {
            assertThat(item.path("id").asString()).isNotBlank();
            assertThat(item.path("title").asString()).isNotBlank();
            assertThat(OffsetDateTime.parse(item.path("date_published").asString()))
                    .isNotNull();
            assertThat(item.path("authors").path(0).path("name").asString()).isNotBlank();
            assertThat(item.path("tags").path(1).isString()).isTrue();
            assertThat(item.path("language").asString()).isEqualTo("pt-BR");
            assertAbsolute(item.path("url").asString());
            assertThat(item.path("attachments").path(0).path("mime_type").asString())
                    .isEqualTo("audio/mpeg");
            assertBody(item.path("content_html").asString());
        }
    }

    private static void assertBody(String html) {
        var body = Jsoup.parse(html);
        assertThat(html).doesNotContainIgnoringCase("<script");
        body.select("[href]").forEach(link -> assertAbsolute(link.attr("href")));
        body.select("[src]").forEach(media -> assertAbsolute(media.attr("src")));
    }

    private static void assertFile(Element enclosure) {
        assertThat(enclosure.getAttribute("length")).matches("\\d+");
        assertThat(enclosure.getAttribute("type")).matches("\\w+/[\\w.+-]+");
    }

    private static void assertMedia(Element entry) {
        var content = elements(entry, "media:content").getFirst();
        assertAbsolute(content.getAttribute("url"));
        assertThat(List.of(content.getAttribute("fileSize"), content.getAttribute("duration")))
                .allMatch(number -> number.matches("[1-9]\\d*"));
        assertAbsolute(elements(entry, "media:thumbnail").getFirst().getAttribute("url"));
    }

    private static void assertAbsolute(String address) {
        assertThat(URI.create(address).getScheme()).as(address).isEqualTo("https");
    }

    private static byte[] render(PageRenderer renderer) {
        var articles = new ArrayList<Article>();
        for (var title : TITLES) {
            for (var body : BODIES) {
                articles.add(article(articles.size(), title, body));
            }
        }
        var feed = new Feed(null, null, null, null);
        var page = new FeedPage(articles, new Cursor(7, 9), Instant.EPOCH, List.of(), null);
        return renderer.render(
                new PageQuery(renderer.representation(), feed, null, 100, Fields.FULL, ORIGIN, PageQuery.PATH), page);
    }

    private static Article article(int number, String title, String body) {
        var time = Instant.parse("2024-05-06T07:08:09.654321Z").plusSeconds(number);
        var content = new ArticleContent(
                "slug-" + number,
                title,
                title,
                body,
                RenderedMarkdown.html(body),
                List.of(title, "tag"),
                title,
                "The Gauge",
                null,
                "pt-BR",
                List.of(new Attachment("https://e.example/a.mp3?a=1&b=2", "audio/mpeg", 5L, 6L, title)),
                "https://e.example/i.jpg",
                null);
        return new Article(new UUID(7, number), content, new Publication(Status.PUBLISHED, time, time), 1);
    }

    private static Document parse(byte[] bytes) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
    }

    private static List<String> names(Element parent) {
        var names = new ArrayList<String>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            names.add(node.getNodeName());
        }
        return names;
    }

    private static List<Element> elements(Element parent, String name) {
        var found = new ArrayList<Element>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    private static String text(Element parent, String name) {
        var found = elements(parent, name);
        assertThat(found).as(name).hasSize(1);
        return found.getFirst().getTextContent();
    }
}
