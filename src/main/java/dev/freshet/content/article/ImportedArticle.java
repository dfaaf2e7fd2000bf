package dev.freshet.content.article;

import java.util.List;

/**
 * An article to import.
 *
 * @param line its line or position in the imported document, from 1
 * @param origin the key by which a later import recognises it: its canonical URL, otherwise the id that its feed gave it;
 *     up to 2000 bytes
 * @param repairs descriptions of the changes that made it valid, for the user
 */
public record ImportedArticle(int line, String origin, ArticleDraft draft, List<String> repairs) {

    /** An article that needed no repair. */
    public ImportedArticle(int line, String origin, ArticleDraft draft) {
        this(line, origin, draft, List.of());
    }
}
