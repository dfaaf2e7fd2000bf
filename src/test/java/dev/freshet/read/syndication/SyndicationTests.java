package dev.freshet.read.syndication;

import static org.assertj.core.api.Assertions.assertThat;

import com.rometools.rome.io.SyndFeedInput;
import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleContent;
import dev.freshet.content.article.Publication;
import dev.freshet.content.article.Status;
import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.Fields;
import dev.freshet.read.page.PageKey;
import dev.freshet.read.page.PageQuery;
import dev.freshet.read.page.PageRenderer;
import dev.freshet.read.page.SyndicationSettings;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requirements of RFC 4287 (Atom), RSS 2.0, JSON Feed 1.1 and RFC 5005 (paging and archives), checked by other parsers. */
class SyndicationTests {

    private static final String ATOM = "http://www.w3.org/2005/Atom";
    private static final String HISTORY = "http://purl.org/syndication/history/1.0";
    private static final String CONTENT = "http://purl.org/rss/1.0/modules/content/";
    private static final String ORIGIN = "https://news.example";
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String NASTY = "a<b>&\"']]>\u0000\u000b\uFFFE <script>\ud83d\ude00\ud83d";
    private static final Feed BIRDS = new Feed("bird & beast", null, null, null);
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final FeedWriter WRITER = new FeedWriter();

    private final SyndicationSettings settings = new SyndicationSettings(URI.create("https://hub.example/"), false);

    // RFC 4287

    @Test
    void atom4_1_1_feedHasTheRequiredElements() {
        var feed = atom(BIRDS, articles(3), null, Fields.SUMMARY);
        for (var name : List.of("id", "title", "updated")) {
            assertThat(children(feed, name)).as(name).hasSize(1);
        }
        assertThat(children(feed, "entry"))
                .hasSize(3)
                .allSatisfy(entry ->
                        assertThat(text(only(only(entry, "author"), "name"))).isEqualTo("Ann Ward"));
    }

    @Test
    void atom4_1_1_feedLinksToItselfAndItsPage() {
        var feed = atom(BIRDS, articles(1), null, Fields.SUMMARY);
        assertThat(links(feed).get("self")).isEqualTo(ORIGIN + "/api/v1/articles?format=atom&tag=bird+%26+beast");
        assertThat(links(feed).get("alternate")).isEqualTo(ORIGIN + "/?tag=bird+%26+beast");
    }

    @Test
    void atom4_1_2_entryHasTheRequiredElements() {
        var entry = only(atom(BIRDS, articles(1), null, Fields.SUMMARY), "entry");
        for (var name : List.of("id", "title", "updated", "published", "summary")) {
            assertThat(children(entry, name)).as(name).hasSize(1);
        }
        assertThat(links(entry).get("alternate")).startsWith(ORIGIN + "/articles/");
        assertThat(links(entry).get("via")).isEqualTo("https://origin.example/0");
        assertThat(children(entry, "content")).isEmpty();
    }

    @Test
    void atom4_1_3_requestedContentIsHtml() {
        var content = only(only(atom(BIRDS, articles(1), null, Fields.FULL), "entry"), "content");
        assertThat(content.getAttribute("type")).isEqualTo("html");
        assertThat(text(content)).isEqualTo("<p>Body &amp; soul</p>");
    }

    @Test
    void atom4_2_2_everyCategoryHasATerm() {
        var entry = only(atom(BIRDS, articles(1), null, Fields.SUMMARY), "entry");
        assertThat(children(entry, "category").stream().map(each -> each.getAttribute("term")))
                .containsExactly("bird & beast", "news");
    }

    @Test
    void atom4_2_6_idsAreAbsoluteAndPermanent() {
        var articles = articles(2);
        var first = atom(BIRDS, articles, null, Fields.SUMMARY);
        var older = atom(BIRDS, articles, key(articles.getFirst()), Fields.FULL);
        assertThat(text(only(first, "id"))).isEqualTo(text(only(older, "id"))).startsWith(ORIGIN);
        assertThat(children(first, "entry").stream().map(entry -> text(only(entry, "id"))))
                .containsExactlyElementsOf(
                        articles.stream().map(each -> "urn:uuid:" + each.id()).toList());
    }

    @Test
    void atom4_2_15_feedHasTheTimeOfItsNewestChange() {
        var updated = text(only(atom(BIRDS, articles(3), null, Fields.SUMMARY), "updated"));
        assertThat(OffsetDateTime.parse(updated).toInstant()).isEqualTo(NOON.plusSeconds(60 + 2));
        var empty = text(only(atom(BIRDS, List.of(), null, Fields.SUMMARY), "updated"));
        assertThat(OffsetDateTime.parse(empty).toInstant()).isEqualTo(NOON);
    }

    // RSS 2.0

    @Test
    void rss_channelHasTitleLinkAndDescription() {
        var channel = rss(BIRDS, articles(1), null, Fields.SUMMARY);
        assertThat(((Element) channel.getParentNode()).getAttribute("version")).isEqualTo("2.0");
        assertThat(text(only(channel, "title"))).isEqualTo("Articles #bird &amp; beast");
        assertThat(text(only(channel, "link"))).isEqualTo(ORIGIN + "/?tag=bird+%26+beast");
        assertThat(text(only(channel, "description"))).isNotBlank();
    }

    @Test
    void rss_itemHasTheRequiredElementsAndAGuid() {
        var item = only(rss(BIRDS, articles(1), null, Fields.FULL), "item");
        assertThat(text(only(item, "title"))).isEqualTo("Title 0");
        assertThat(text(only(item, "description"))).isEqualTo("Summary 0");
        assertThat(only(item, "guid").getAttribute("isPermaLink")).isEqualTo("false");
        assertThat(text(only(item, "guid"))).startsWith("urn:uuid:");
        assertThat(text(only(item, CONTENT, "encoded"))).isEqualTo("<p>Body &amp; soul</p>");
    }

    @Test
    void rss_datesFollowRfc822WithFourDigitYears() {
        var channel = rss(BIRDS, articles(1), null, Fields.SUMMARY);
        assertThat(DateTimeFormatter.RFC_1123_DATE_TIME.parse(
                        text(only(only(channel, "item"), "pubDate")), Instant::from))
                .isEqualTo(NOON);
        assertThat(text(only(channel, "lastBuildDate"))).matches("\\w{3}, \\d{2} \\w{3} \\d{4} .*GMT");
    }

    @Test
    void rss_bestPractice_channelHasAnAtomLinkToItself() {
        var channel = rss(BIRDS, articles(1), null, Fields.SUMMARY);
        assertThat(links(channel).get("self")).isEqualTo(ORIGIN + "/api/v1/articles?format=rss&tag=bird+%26+beast");
    }

    // JSON Feed 1.1

    @Test
    void jsonFeed_topLevelHasTheRequiredFields() {
        var feed = json(BIRDS, articles(2), null, Fields.SUMMARY);
        assertThat(feed.path("version").asString()).isEqualTo("https://jsonfeed.org/version/1.1");
        assertThat(feed.path("title").asString()).isEqualTo("Articles #bird & beast");
        assertThat(feed.path("feed_url").asString())
                .isEqualTo(ORIGIN + "/api/v1/articles?format=json-feed&tag=bird+%26+beast");
        assertThat(feed.path("home_page_url").asString()).isEqualTo(ORIGIN + "/?tag=bird+%26+beast");
        assertThat(feed.path("items").size()).isEqualTo(2);
        assertThat(feed.path("hubs").path(0).path("type").asString()).isEqualTo("WebSub");
    }

    @Test
    void jsonFeed_itemHasAnIdAndContent() {
        var summary =
                json(BIRDS, articles(1), null, Fields.SUMMARY).path("items").path(0);
        assertThat(summary.path("id").asString()).startsWith("urn:uuid:");
        assertThat(summary.path("content_text").asString()).isEqualTo("Summary 0");
        var full = json(BIRDS, articles(1), null, Fields.FULL).path("items").path(0);
        assertThat(full.path("content_html").asString()).isEqualTo("<p>Body &amp; soul</p>");
        assertThat(full.has("content_text")).isFalse();
        assertThat(full.path("authors").path(0).path("name").asString()).isEqualTo("Ann Ward");
        assertThat(Instant.parse(full.path("date_published").asString())).isEqualTo(NOON);
    }

    @Test
    void jsonFeed_nextUrlLeadsToAllItems() {
        var more = json(BIRDS, articles(3), null, Fields.SUMMARY);
        assertThat(more.path("next_url").asString())
                .contains("before=")
                .isNotEqualTo(more.path("feed_url").asString());
        assertThat(json(BIRDS, List.of(), null, Fields.SUMMARY).has("next_url")).isFalse();
    }

    // RFC 5005

    @Test
    void history3_pagesLinkToTheFirstAndTheNext() {
        var articles = articles(3);
        for (var feed : List.of(
                atom(BIRDS, articles, key(articles.getFirst()), Fields.SUMMARY),
                rss(BIRDS, articles, key(articles.getFirst()), Fields.SUMMARY))) {
            assertThat(links(feed).get("first")).doesNotContain("before=");
            assertThat(links(feed).get("next")).contains("before=" + key(articles.getLast()));
        }
    }

    @Test
    void history4_archivesAreMarkedAndLinked() {
        var articles = articles(3);
        var archive = atom(BIRDS, articles, key(articles.getFirst()), Fields.SUMMARY);
        assertThat(children(archive, HISTORY, "archive")).hasSize(1);
        assertThat(links(archive)).containsKeys("current", "prev-archive");
        assertThat(children(atom(BIRDS, articles, null, Fields.SUMMARY), HISTORY, "archive"))
                .isEmpty();
        assertThat(children(rss(BIRDS, articles, key(articles.getFirst()), Fields.SUMMARY), HISTORY, "archive"))
                .hasSize(1);
        var search = atom(new Feed(null, null, null, "x"), articles, key(articles.getFirst()), Fields.SUMMARY);
        assertThat(links(search)).doesNotContainKeys("current", "prev-archive");
    }

    @Test
    void history4_archivesHaveNoGapFromAnyStart() {
        var random = new Random(5);
        var all = IntStream.range(0, 400)
                .mapToObj(i -> article(i, new UUID(random.nextLong(), random.nextLong())))
                .toList()
                .reversed();
        var chains = new ArrayList<List<PageKey>>();
        for (var begin = 0; begin < 5; begin++) {
            var current = all.subList(begin, all.size());
            var seen = new HashSet<UUID>();
            var chain = new ArrayList<PageKey>();
            @Nullable PageKey before = null;
            do {
                var page = pageOf(current, before, 20);
                page.items().forEach(article -> seen.add(article.id()));
                before = page.archive();
                if (before != null) {
                    chain.add(before);
                }
            } while (before != null);
            assertThat(seen).hasSize(current.size());
            chains.add(chain);
        }
        assertThat(chains)
                .allSatisfy(
                        chain -> assertThat(chain).containsAll(chains.getFirst().subList(8, 12)));
    }

    // All of them

    @ParameterizedTest
    @EnumSource(names = {"ATOM", "RSS", "JSON_FEED"})
    void bodiesKeepTheLinesOfCodeAndGetAbsoluteLinks(Representation form) {
        var code = "<pre><code>if x:\n\n    y()\n</code></pre><pre>\n&#10;  z\n</pre>";
        var article = article("hi", "t", code + "<p><a href=\"#fn1\">1</a><img src=\"/images/i.png\"></p>", NOON);

        var html = Jsoup.parseBodyFragment(body(form, article));

        assertThat(html.expectFirst("code").wholeText()).isEqualTo("if x:\n\n    y()\n");
        assertThat(html.select("pre").get(1).wholeText()).isEqualTo("\n  z\n");
        assertThat(html.select("a").attr("href")).isEqualTo(ORIGIN + article.readerPath() + "#fn1");
        assertThat(html.select("img").attr("src")).isEqualTo(ORIGIN + "/images/i.png");
    }

    @Test
    void languagesAndFractionsOfSecondsAreWritten() {
        var time = Instant.parse("2024-05-06T07:08:09.654321Z");
        var articles = List.of(article("hi", "t", "", time));

        var entry = only(atom(BIRDS, articles, null, Fields.FULL), "entry");
        assertThat(entry.getAttribute("xml:lang")).isEqualTo("hi");
        assertThat(text(only(entry, "published"))).isEqualTo("2024-05-06T07:08:09.654321Z");
        assertThat(text(only(entry, "updated"))).isEqualTo("2024-05-06T07:08:09.654321Z");
        var channel = rss(BIRDS, articles, null, Fields.FULL);
        assertThat(text(only(channel, "language"))).isEqualTo("hi");
        assertThat(text(only(only(channel, "item"), "http://purl.org/dc/elements/1.1/", "language")))
                .isEqualTo("hi");
        assertThat(json(BIRDS, articles, null, Fields.FULL).path("language").asString())
                .isEqualTo("hi");
    }

    private String body(Representation form, Article article) {
        var articles = List.of(article);
        return switch (form) {
            case ATOM -> text(only(only(atom(BIRDS, articles, null, Fields.FULL), "entry"), "content"));
            case RSS -> text(only(only(rss(BIRDS, articles, null, Fields.FULL), "item"), CONTENT, "encoded"));
            default ->
                json(BIRDS, articles, null, Fields.FULL)
                        .path("items")
                        .path(0)
                        .path("content_html")
                        .asString();
        };
    }

    private static Article article(String language, String title, String html, Instant time) {
        var content = new ArticleContent(
                "slug",
                title,
                "Summary",
                "Body",
                html,
                List.of("news"),
                "Ann Ward",
                "The Gauge",
                null,
                language,
                List.of(),
                null,
                null);
        return new Article(new UUID(7, 1), content, new Publication(Status.PUBLISHED, time, time), 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"ATOM", "RSS", "JSON_FEED"})
    void hostileTextIsEscaped(Representation form) throws Exception {
        var article = new Article(
                UUID.randomUUID(),
                new ArticleContent(
                        "slug/ä?",
                        NASTY,
                        NASTY,
                        "b",
                        "<p>" + NASTY + "</p>",
                        List.of("t&<"),
                        NASTY,
                        "s",
                        "https://o.example/?a=1&b=2",
                        "en",
                        List.of(),
                        null,
                        null),
                new Publication(Status.PUBLISHED, NOON, NOON),
                1);
        var bytes = render(form, new Feed(null, null, null, NASTY), List.of(article), null, Fields.FULL);
        var expected = "a<b>&\"']]> <script>\ud83d\ude00";
        if (form == Representation.JSON_FEED) {
            assertThat(JSON.readTree(bytes).path("items").path(0).path("title").asString())
                    .contains("]]>");
            return;
        }
        parse(bytes);
        var read = new SyndFeedInput().build(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
        var title = read.getEntries().getFirst().getTitle();
        assertThat(form == Representation.RSS ? Parser.unescapeEntities(title, false) : title)
                .isEqualTo(expected);
        var author = read.getEntries().getFirst().getAuthor();
        assertThat(form == Representation.RSS ? Parser.unescapeEntities(author, false) : author)
                .isEqualTo(expected);
        if (form == Representation.RSS) {
            assertThat(read.getEntries().getFirst().getDescription().getValue())
                    .startsWith("a&lt;b&gt;&amp;")
                    .doesNotContain("<");
        }
        assertThat(read.getEntries().getFirst().getLink())
                .isEqualTo(ORIGIN + "/articles/" + article.id() + "/slug%2F%C3%A4%3F");
    }

    @ParameterizedTest
    @EnumSource(names = {"ATOM", "RSS", "JSON_FEED"})
    void bytesDependOnTheContentsOfTheFeedOnly(Representation form) {
        var articles = articles(5);
        assertThat(render(form, BIRDS, articles, null, Fields.FULL))
                .isEqualTo(render(form, BIRDS, articles, null, Fields.FULL));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"ATOM", "RSS"})
    void configuredHubIsNamed(Representation form) {
        var root = parse(render(form, BIRDS, articles(1), null, Fields.SUMMARY)).getDocumentElement();
        var feed = form == Representation.RSS ? only(root, "channel") : root;
        assertThat(links(feed).get("hub")).isEqualTo("https://hub.example/");
    }

    private Element atom(Feed feed, List<Article> articles, @Nullable PageKey before, Fields fields) {
        return parse(render(Representation.ATOM, feed, articles, before, fields))
                .getDocumentElement();
    }

    private Element rss(Feed feed, List<Article> articles, @Nullable PageKey before, Fields fields) {
        return only(
                parse(render(Representation.RSS, feed, articles, before, fields))
                        .getDocumentElement(),
                "channel");
    }

    private JsonNode json(Feed feed, List<Article> articles, @Nullable PageKey before, Fields fields) {
        return JSON.readTree(render(Representation.JSON_FEED, feed, articles, before, fields));
    }

    private byte[] render(
            Representation form, Feed feed, List<Article> articles, @Nullable PageKey before, Fields fields) {
        var shown = fields.content()
                ? articles
                : articles.stream().map(Article::withoutBody).toList();
        var next = shown.size() < 3 ? null : key(shown.getLast());
        var page = new FeedPage(shown, new Cursor(7, 9), NOON, List.of(), next);
        return renderer(form).render(new PageQuery(form, feed, before, 20, fields, ORIGIN, PageQuery.PATH), page);
    }

    private PageRenderer renderer(Representation form) {
        return Stream.of(
                        new AtomPages(WRITER, settings),
                        new RssPages(WRITER, settings),
                        new JsonFeedPages(JSON, settings))
                .filter(each -> each.representation() == form)
                .findFirst()
                .orElseThrow();
    }

    private static FeedPage pageOf(List<Article> newestFirst, @Nullable PageKey before, int limit) {
        var rest = newestFirst.stream()
                .dropWhile(article -> before != null
                        && !Objects.requireNonNull(article.publication().publishedAt())
                                .isBefore(before.publishedAt()))
                .toList();
        var items = rest.stream().limit(limit).toList();
        return new FeedPage(
                items, new Cursor(7, 9), NOON, List.of(), rest.size() > limit ? key(items.getLast()) : null);
    }

    private static List<Article> articles(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> article(i, new UUID(7, i * 2L + 1)))
                .toList();
    }

    private static Article article(int i, UUID id) {
        return new Article(
                id,
                new ArticleContent(
                        "slug-" + i,
                        "Title " + i,
                        "Summary " + i,
                        "Body",
                        "<p>Body &amp; soul</p>",
                        List.of("bird & beast", "news"),
                        "Ann Ward",
                        "The Gauge",
                        "https://origin.example/" + i,
                        "en",
                        List.of(),
                        null,
                        null),
                new Publication(Status.PUBLISHED, NOON.plusSeconds(i), NOON.plusSeconds(60 + i)),
                1);
    }

    private static PageKey key(Article article) {
        return new PageKey(Objects.requireNonNull(article.publication().publishedAt()), article.id(), 0);
    }

    private static Document parse(byte[] bytes) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
        } catch (Exception e) {
            throw new AssertionError(new String(bytes, StandardCharsets.UTF_8), e);
        }
    }

    /** Returns the addresses of Atom's links by relation. Each relation occurs once. */
    private static Map<String, String> links(Element parent) {
        var links = new LinkedHashMap<String, String>();
        for (var link : children(parent, ATOM, "link")) {
            assertThat(links.put(link.getAttribute("rel"), link.getAttribute("href")))
                    .isNull();
        }
        return links;
    }

    private static Element only(Element parent, String name) {
        var found = children(parent, name);
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static Element only(Element parent, String namespace, String name) {
        var found = children(parent, namespace, name);
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static List<Element> children(Element parent, String name) {
        return children(parent, parent.getNamespaceURI(), name);
    }

    private static List<Element> children(Element parent, @Nullable String namespace, String name) {
        var all = new ArrayList<Element>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element
                    && element.getLocalName().equals(name)
                    && Objects.equals(element.getNamespaceURI(), namespace)) {
                all.add(element);
            }
        }
        return all;
    }

    private static String text(Element element) {
        return element.getTextContent();
    }
}
