package dev.freshet.content.article;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table {@code article}, with the columns that readers do not see.
 *
 * @param origin the key by which imports recognise the article
 */
record StoredArticle(
        @JsonUnwrapped Article article,
        UUID owner,
        @Nullable String origin) {

    boolean published() {
        return article.status() == Status.PUBLISHED;
    }
}
