package dev.freshet.web;

import dev.freshet.article.Article;
import dev.freshet.feed.Feed;
import dev.freshet.feed.PageKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** The addresses of the reader's pages and of the streams that they follow. */
final class Links {

    private Links() {}

    /** The one address of an article. */
    static String article(Article article) {
        var slug = UriUtils.encodePathSegment(article.slug(), StandardCharsets.UTF_8);
        return "/articles/" + article.id() + (slug.isEmpty() ? "" : "/" + slug);
    }

    static String tag(String tag) {
        return feed(new Feed(tag, null, null, null));
    }

    static String author(String author) {
        return feed(new Feed(null, author, null, null));
    }

    static String source(String source) {
        return feed(new Feed(null, null, source, null));
    }

    static String feed(Feed feed) {
        var query = query(feed).toString();
        return query.isEmpty() ? "/" : "/?" + query;
    }

    static String older(Feed feed, PageKey before) {
        return "/?" + add(query(feed), "before", before.toString());
    }

    /** The stream of a feed, to which a script adds {@code since}. */
    static String stream(Feed feed) {
        return "/api/v1/articles?" + add(query(feed), "announce", "true");
    }

    private static StringJoiner query(Feed feed) {
        var query = new StringJoiner("&");
        add(query, "tag", feed.tag());
        add(query, "author", feed.author());
        add(query, "source", feed.source());
        return add(query, "q", feed.q());
    }

    private static StringJoiner add(StringJoiner query, String name, @Nullable String value) {
        return value == null ? query : query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
