package dev.freshet.content.article;

import java.util.UUID;

/** What became of an {@link ImportedArticle}. */
public sealed interface ImportResult {

    /** The line of the article that this is the outcome of. */
    int line();

    /** It was new. */
    record Created(int line, UUID id) implements ImportResult {}

    /** It was known, and differs from what was known. */
    record Updated(int line, UUID id) implements ImportResult {}

    /** It was known as it is. */
    record Unchanged(int line, UUID id) implements ImportResult {}

    /**
     * It was not imported.
     *
     * @param reason what was wrong with it, for people to read
     */
    record Rejected(int line, String reason) implements ImportResult {}
}
