package dev.freshet.read.web;

import dev.freshet.content.article.Article;
import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import java.util.Objects;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/**
 * The model of an article's page.
 *
 * @param assets the address of the assets' folder
 * @param lede the summary; null where it only repeats the beginning of the article
 * @param stream the address of a stream with changes of the article, to which {@code since} is added
 */
record ArticleView(String assets, String title, @Nullable String lede, String stream, String cursor, Item item) {

    // Enough markup for the text of a summary.
    private static final int BEGINNING = 4000;

    static ArticleView of(String assets, Article article, ArticleBody body, Cursor cursor) {
        return new ArticleView(
                assets,
                article.content().title(),
                repeatsBeginning(article) ? null : article.content().summary(),
                Links.stream(new Feed(null, article.content().author(), null, null)),
                cursor.toString(),
                Item.of(article, body.html()));
    }

    private static boolean repeatsBeginning(Article article) {
        var html = Objects.requireNonNullElse(article.content().html(), "");
        var beginning = Jsoup.parse(html.substring(0, Math.min(html.length(), BEGINNING)))
                .text();
        var summary = article.content().summary();
        return beginning.startsWith(summary.endsWith("…") ? summary.substring(0, summary.length() - 1) : summary);
    }
}
