package dev.freshet.search;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The languages of all articles that a search may find. A search names the stems of some twenty languages, and PostgreSQL
 * takes twice as long with those that no article has.
 *
 * @param codes the codes of {@link StemLanguage}, and others; null if the languages are not known
 */
public record ArticleLanguages(@Nullable Set<String> codes) {

    /** For languages that are not known. */
    public static final ArticleLanguages ALL = new ArticleLanguages(null);

    /** Returns the languages of tags (BCP 47), of which the first subtag is enough. */
    public static ArticleLanguages of(Collection<String> tags) {
        return new ArticleLanguages(tags.stream().map(StemLanguage::code).collect(Collectors.toUnmodifiableSet()));
    }

    /** Returns whether an article in one of the languages may have a lexeme. */
    boolean mayHave(String lexeme) {
        return codes == null || StemLanguage.ofStem(lexeme).map(codes::contains).orElse(true);
    }
}
