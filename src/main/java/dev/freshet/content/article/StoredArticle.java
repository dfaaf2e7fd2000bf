package dev.freshet.content.article;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An article with what readers don't see of it.
 *
 * @param origin what imports recognise it by
 */
record StoredArticle(Article article, UUID owner, @Nullable String origin) {

    boolean isSeen() {
        return article.status() == Status.PUBLISHED;
    }
}
