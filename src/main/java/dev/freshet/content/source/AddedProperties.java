package dev.freshet.content.source;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.format.ImportEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The properties that a source gives to its articles.
 *
 * @param tags added to those of the entry
 * @param author for entries that name none; null for the name of the account
 */
record AddedProperties(List<String> tags, @Nullable String author) {

    private static final int MAX_TAGS = 20;

    ImportEntry addTo(ImportEntry entry) {
        return new Entry(entry, this);
    }

    private List<String> allTags(ArticleDraft draft) {
        return Stream.concat(tags.stream(), Objects.requireNonNullElse(draft.tags(), List.<String>of()).stream())
                .distinct()
                .toList();
    }

    private ArticleDraft addTo(ArticleDraft draft, List<String> allTags) {
        return new ArticleDraft(
                draft.title(),
                draft.slug(),
                draft.summary(),
                draft.body(),
                allTags,
                draft.author() == null ? author : draft.author(),
                draft.source(),
                draft.canonicalUrl(),
                draft.language(),
                draft.publishedAt(),
                draft.status(),
                draft.attachments(),
                draft.image());
    }

    private record Entry(ImportEntry entry, AddedProperties added) implements ImportEntry {

        @Override
        public int line() {
            return entry.line();
        }

        @Override
        public int weight() {
            return entry.weight();
        }

        @Override
        public @Nullable Instant time() {
            return entry.time();
        }

        @Override
        public ImportedArticle read() {
            var article = entry.read();
            var tags = added.allTags(article.draft());
            if (tags.size() <= MAX_TAGS) {
                return new ImportedArticle(
                        article.line(), article.origin(), added.addTo(article.draft(), tags), article.repairs());
            }
            var repairs = new ArrayList<>(article.repairs());
            repairs.add("tags after the first " + MAX_TAGS + " were dropped");
            return new ImportedArticle(
                    article.line(),
                    article.origin(),
                    added.addTo(article.draft(), tags.subList(0, MAX_TAGS)),
                    List.copyOf(repairs));
        }
    }
}
