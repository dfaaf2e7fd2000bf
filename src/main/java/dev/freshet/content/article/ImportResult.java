package dev.freshet.content.article;

import java.util.UUID;

/** The result of importing an {@link ImportedArticle}. */
public sealed interface ImportResult {

    /** Returns the line of the article. */
    int line();

    record Created(int line, UUID id) implements ImportResult {}

    record Updated(int line, UUID id) implements ImportResult {}

    /** The stored article was already the same. */
    record Unchanged(int line, UUID id) implements ImportResult {}

    /**
     * The article was not imported.
     *
     * @param reason a description for the user
     */
    record Rejected(int line, String reason) implements ImportResult {}
}
