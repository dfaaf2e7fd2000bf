package dev.freshet.content.article;

/**
 * An article that comes from elsewhere.
 *
 * @param line where it stands in what is imported, from 1
 * @param origin what it is recognised by when it comes again: its canonical URL, else the id that its feed gave it; up
 *     to 2000 characters
 */
public record ImportedArticle(int line, String origin, ArticleDraft draft) {}
