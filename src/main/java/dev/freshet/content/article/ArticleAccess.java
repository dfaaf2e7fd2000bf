package dev.freshet.content.article;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Decides who may see and change an article. The owner and editors may change it; they also see it unpublished. */
final class ArticleAccess {

    private ArticleAccess() {}

    /**
     * Returns the article if the caller may read it; otherwise throws a problem.
     *
     * @param caller null for an anonymous client
     */
    static StoredArticle checkRead(StoredArticle stored, @Nullable Caller caller) {
        return checkVisible(stored, caller != null && hasArticleScope(caller) ? caller : null);
    }

    /** Throws a problem unless the caller may change the article. */
    static void checkChange(StoredArticle stored, Caller caller) {
        checkVisible(stored, caller);
        if (!mayChange(stored, caller)) {
            throw Problem.FORBIDDEN.because(
                    "The article belongs to another account. Only its owner and editors can" + " change it.");
        }
    }

    /** Throws a problem unless the caller may become the owner of the article. */
    static void checkTakeOver(StoredArticle stored, Caller caller) {
        checkVisible(stored, caller);
        if (!caller.isAtLeast(Role.EDITOR)) {
            throw Problem.FORBIDDEN.because("Only editors can take an article over.");
        }
    }

    private static StoredArticle checkVisible(StoredArticle stored, @Nullable Caller caller) {
        var mayChange = caller != null && mayChange(stored, caller);
        return switch (stored.article().status()) {
            case PUBLISHED -> stored;
            case DRAFT, SCHEDULED -> {
                if (!mayChange) {
                    throw notFound();
                }
                yield stored;
            }
            case WITHDRAWN -> {
                // A withdrawn article keeps its time only if it was published.
                var wasPublished = stored.article().publication().publishedAt() != null;
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
