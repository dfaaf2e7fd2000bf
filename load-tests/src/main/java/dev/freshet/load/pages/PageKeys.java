package dev.freshet.load.pages;

import java.util.List;

/**
 * Unique page keys, so that none of their pages is cached: those of some articles, one after the other, and a
 * microsecond later on each repetition. The pages stay the same but for their first article.
 */
final class PageKeys {

    private final List<PageKey> articles;
    private long given;

    PageKeys(List<PageKey> articles) {
        if (articles.isEmpty()) {
            throw new IllegalArgumentException("The database has no articles");
        }
        this.articles = List.copyOf(articles);
    }

    synchronized PageKey next() {
        var number = given++;
        return articles.get((int) (number % articles.size())).plus(number / articles.size());
    }
}
