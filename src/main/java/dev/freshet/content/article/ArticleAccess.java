package dev.freshet.content.article;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may see and change an article. The owner and editors may change it; they also see it unpublished. An article
 * that was withdrawn before its publication does not exist for others.
 */
public final class ArticleAccess {

    private ArticleAccess() {}

    /**
     * Returns the article if the caller may read it; otherwise throws a problem.
     *
     * @param caller null for an anonymous client
     */
    static Article checkRead(StoredArticle stored, @Nullable Caller caller) {
        return checkVisible(stored.article(), caller != null && hasArticleScope(caller) && mayChange(stored, caller));
    }

    /**
     * Returns the article if anyone may read it; otherwise throws a problem.
     *
     * @param article null if none exists
     */
    public static Article checkPublic(@Nullable Article article) {
        if (article == null) {
            throw notFound();
        }
        return checkVisible(article, false);
    }

    /** Throws a problem unless the caller may change the article. */
    static void checkChange(StoredArticle stored, Caller caller) {
        var mayChange = mayChange(stored, caller);
        checkVisible(stored.article(), mayChange);
        if (!mayChange) {
            throw Problem.FORBIDDEN.because(
                    "The article belongs to another account. Only its owner and editors can change it.");
        }
    }

    /** Throws a problem unless the caller may become the owner of the article. */
    static void checkTakeOver(StoredArticle stored, Caller caller) {
        checkVisible(stored.article(), mayChange(stored, caller));
        if (!caller.isAtLeast(Role.EDITOR)) {
            throw Problem.FORBIDDEN.because("Only editors can take an article over.");
        }
    }

    private static Article checkVisible(Article article, boolean mayChange) {
        return switch (article.status()) {
            case PUBLISHED -> article;
            case DRAFT, SCHEDULED -> {
                if (!mayChange) {
                    throw notFound();
                }
                yield article;
            }
            case WITHDRAWN -> {
                // A withdrawn article keeps its time only if it was published.
                var wasPublished = article.publication().publishedAt() != null;
                throw wasPublished || mayChange
                        ? Problem.ARTICLE_WITHDRAWN.because("The article was withdrawn.")
                        : notFound();
            }
        };
    }

    private static boolean mayChange(StoredArticle stored, Caller caller) {
        return stored.owner().equals(caller.account().id()) || caller.isAtLeast(Role.EDITOR);
    }

    private static boolean hasArticleScope(Caller caller) {
        return caller.scopes().contains(Scope.ARTICLES_READ) || caller.scopes().contains(Scope.ARTICLES_WRITE);
    }

    static RuntimeException notFound() {
        return Problem.ARTICLE_NOT_FOUND.because("No article with this id is visible to you.");
    }
}
