package dev.freshet.content.format;

import dev.freshet.content.article.ImportedArticle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An article of an import, before it is parsed. */
public interface ImportEntry {

    /** Returns the line of an NDJSON body, or the position in a feed document, from 1. */
    int line();

    /** Returns the approximate size in bytes. */
    int weight();

    /** Returns the time of publication, if it is known before parsing. */
    @Nullable
    Instant time();

    /**
     * Parses the article and converts its HTML. This is expensive.
     *
     * @throws UnreadableEntryException if the entry is invalid
     */
    ImportedArticle read();
}
