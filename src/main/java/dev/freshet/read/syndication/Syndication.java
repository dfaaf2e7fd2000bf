package dev.freshet.read.syndication;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.HtmlWriter;
import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.PageQuery;
import dev.freshet.read.page.XmlText;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/**
 * The parts that all syndication formats share: the feed's identity, its links and its times. Links are absolute.
 *
 * <p>A page with a page key is an archive document (RFC 5005, section 4), whose articles do not change when new ones
 * appear. Searches are ordered by rank and have no archives.
 */
record Syndication(PageQuery query, FeedPage page, @Nullable String hub) {

    private static final Pattern RELATIVE = Pattern.compile("\\s(href|src|poster)=\"(?!https?:|mailto:)");

    /** Returns the id of the logical feed, the same on all its pages and in all formats. */
    String id() {
        return query.origin()
                + PageQuery.first(Representation.JSON, query.feed()).address();
    }

    String title() {
        return XmlText.of(page.title(query.feed()));
    }

    String description() {
        return title() + ", as published here";
    }

    String home() {
        return query.origin() + query.feed().readerPath();
    }

    String self() {
        return absolute(query);
    }

    @Nullable
    String next() {
        return page.next() == null ? null : absolute(query.from(page.next()));
    }

    boolean isArchive() {
        return query.before() != null && !query.feed().isInStore();
    }

    /** Returns the links of the feed by their relations, without the page for people. */
    Map<String, String> links() {
        var links = new LinkedHashMap<String, String>();
        links.put("self", self());
        links.put("first", absolute(query.from(null)));
        put(links, "next", next());
        if (!query.feed().isInStore()) {
            links.put("current", absolute(query.from(null)));
            put(links, "prev-archive", page.archive() == null ? null : absolute(query.from(page.archive())));
        }
        put(links, "hub", hub);
        return links;
    }

    private static void put(Map<String, String> links, String relation, @Nullable String address) {
        if (address != null) {
            links.put(relation, address);
        }
    }

    /** Returns the time of the last change in this page. */
    Instant updated() {
        return page.items().stream()
                .map(article -> article.publication().updatedAt())
                .max(Comparator.naturalOrder())
                .orElse(page.changedAt());
    }

    List<Article> articles() {
        return page.items();
    }

    String id(Article article) {
        return "urn:uuid:" + article.id();
    }

    String address(Article article) {
        return query.origin() + article.readerPath();
    }

    /** Returns the body with absolute addresses, for readers elsewhere; null where it was not read. */
    @Nullable
    String html(Article article) {
        var html = article.content().html();
        if (html == null || !RELATIVE.matcher(html).find()) {
            return html;
        }
        var body = Jsoup.parseBodyFragment(html, address(article));
        for (var attribute : List.of("href", "src", "poster")) {
            for (var element : body.select("[" + attribute + "]")) {
                element.attr(attribute, element.absUrl(attribute));
            }
        }
        return HtmlWriter.body(body);
    }

    /** Returns the language of most articles on the page; null if the page is empty. */
    @Nullable
    String language() {
        var counts = new LinkedHashMap<String, Integer>();
        articles().forEach(article -> counts.merge(article.content().language(), 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    Instant published(Article article) {
        return article.publication().publishedAt() == null
                ? article.publication().updatedAt()
                : article.publication().publishedAt();
    }

    private static String absolute(PageQuery query) {
        return query.origin() + query.address();
    }
}
