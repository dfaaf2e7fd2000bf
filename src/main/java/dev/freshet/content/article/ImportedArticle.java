package dev.freshet.content.article;

/**
 * An article to import.
 *
 * @param line its line or position in the imported document, from 1
 * @param origin the key by which a later import recognises it: its canonical URL, otherwise the id that its feed gave it;
 *     up to 2000 bytes
 */
public record ImportedArticle(int line, String origin, ArticleDraft draft) {}
