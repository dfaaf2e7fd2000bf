package dev.freshet.content.source;

import dev.freshet.content.article.WebAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Finds the feed that a page names: {@code <link rel="alternate">} with the type of a feed. A site of WordPress or Drupal
 * may have an API with the full text of its posts too.
 */
final class Discovery {

    // Longer than the head of a page.
    private static final int MAX_BYTES = 512 * 1024;
    private static final int MAX_DEPTH = 200;
    private static final int MAX_PROLOG = 8 * 1024;
    private static final Pattern PAGE = Pattern.compile(
            "\\A\\uFEFF?(?:\\s++|<\\?[^>]*+>|<!--.*?-->)*+<(?:!doctype\\s++html|html|head|body)\\b",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Set<String> TYPES = Set.of(
            "application/atom+xml",
            "application/rss+xml",
            "application/rdf+xml",
            "application/feed+json",
            "application/json");

    private static final String WORDPRESS_POSTS = "wp/v2/posts";
    private static final String POSTS = "per_page=20&_embed=author,wp:term,wp:featuredmedia"
            + "&_fields=guid,link,slug,date,date_gmt,title,content,excerpt,_links,_embedded";
    private static final String DRUPAL_ARTICLES =
            "/jsonapi/node/article?sort=-changed&include=uid,field_tags" + "&filter%5Bstatus%5D=1&page%5Blimit%5D=20";

    private Discovery() {}

    /** Returns whether a document is a page of HTML, whatever its server calls it. */
    static boolean isPage(byte[] document) {
        var start = new String(document, 0, Math.min(MAX_PROLOG, document.length), StandardCharsets.UTF_8);
        return PAGE.matcher(start).lookingAt();
    }

    /**
     * The addresses that a page names.
     *
     * @param feed the first feed, of comments only if there is no other; null for none
     * @param posts the API of the site for its posts, which it may refuse; null for none
     */
    record Addresses(@Nullable String feed, @Nullable String posts) {}

    /**
     * Reads a page.
     *
     * @param address the address of the page
     */
    static Addresses read(byte[] page, @Nullable Charset charset, String address) {
        var html = new String(
                page, 0, Math.min(MAX_BYTES, page.length), charset == null ? StandardCharsets.UTF_8 : charset);
        var parser = Parser.htmlParser().setMaxDepth(MAX_DEPTH);
        var document = Jsoup.parse(html, address, parser);
        var declared = document.selectFirst("base[href]");
        var base = declared == null ? address : WebAddress.base(declared.attr("href"), address);
        return new Addresses(feed(document, base), posts(document, address));
    }

    private static @Nullable String feed(Document document, String base) {
        return document.select("link[rel][href]").stream()
                .filter(link -> hasWord(link.attr("rel"), "alternate"))
                .filter(link -> TYPES.contains(type(link)))
                // WordPress also uses this type for single posts of its interface.
                .filter(link -> !type(link).equals("application/json")
                        || link.attr("href").contains("feed"))
                .sorted(Comparator.comparing(Discovery::isOfComments))
                .map(link -> WebAddress.of(link.attr("href"), base))
                .filter(url -> url != null)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String posts(Document page, String address) {
        var wordPress = page.selectFirst("link[rel=https://api.w.org/][href]");
        if (wordPress != null) {
            var api = WebAddress.of(wordPress.attr("href"), address);
            return api == null
                    ? null
                    : WebAddress.of(api + WORDPRESS_POSTS + (api.contains("?") ? "&" : "?") + POSTS, "");
        }
        return page.select("meta[name=Generator][content^=Drupal]").isEmpty()
                ? null
                : WebAddress.of(DRUPAL_ARTICLES, address);
    }

    private static String type(Element link) {
        return link.attr("type").replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    private static boolean hasWord(String text, String word) {
        return List.of(text.toLowerCase(Locale.ROOT).split("\\s+")).contains(word);
    }

    private static boolean isOfComments(Element link) {
        return (link.attr("href") + link.attr("title")).toLowerCase(Locale.ROOT).contains("comment");
    }
}
