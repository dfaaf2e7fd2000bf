package dev.freshet.load.pages;

import java.util.List;

/**
 * Page keys of which none comes twice, so that no page of them is in a cache: those of some articles, one after the
 * other, and a microsecond later each time they come round again. The pages stay the same but for their first article.
 */
final class PageKeys {

    private final List<PageKey> articles;
    private long given;

    PageKeys(List<PageKey> articles) {
        if (articles.isEmpty()) {
            throw new IllegalArgumentException("There are no articles");
        }
        this.articles = List.copyOf(articles);
    }

    synchronized PageKey next() {
        var number = given++;
        return articles.get((int) (number % articles.size())).plus(number / articles.size());
    }
}
