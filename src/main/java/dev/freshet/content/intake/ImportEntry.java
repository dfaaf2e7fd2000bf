package dev.freshet.content.intake;

import dev.freshet.content.article.ImportedArticle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One article of an import, not yet read. */
interface ImportEntry {

    /** The line of an NDJSON body, or the position in a feed document; from 1. */
    int line();

    /** About how many bytes it holds. */
    int weight();

    /** When it was published, if that can be told without reading it whole. */
    @Nullable
    Instant time();

    /**
     * Reads it; this takes time.
     *
     * @throws UnreadableEntryException if there is no article in it
     */
    ImportedArticle read();
}
