package dev.freshet.content.article;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.NewEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Writes changes of articles and appends their events to the feed log. Every change passes through here. */
@Component
class ArticleWriter {

    private final ArticleStore store;
    private final FeedLog feedLog;
    private final JsonMapper json;

    ArticleWriter(ArticleStore store, FeedLog feedLog, JsonMapper json) {
        this.store = store;
        this.feedLog = feedLog;
        this.json = json;
    }

    /**
     * Writes changes in the caller's transaction, which must have locked the articles. This must be the last statement of
     * the transaction, because it holds the clock of the feed log until the commit.
     *
     * @return the position of the last event; empty if no change concerns readers
     */
    Mono<Cursor> write(List<ArticleChange> changes) {
        var created = new ArrayList<StoredArticle>();
        var updated = new ArrayList<StoredArticle>();
        var entries = new ArrayList<NewEntry>();
        for (var change : changes) {
            (change.before() == null ? created : updated).add(change.after());
            var entry = entry(change);
            if (entry != null) {
                entries.add(entry);
            }
        }
        var written = store.insert(created).then(store.update(updated));
        return entries.isEmpty() ? written.then(Mono.empty()) : written.then(Mono.defer(() -> feedLog.append(entries)));
    }

    private @Nullable NewEntry entry(ArticleChange change) {
        var before = change.before();
        var oldFacets = before != null && before.published() ? before.article().facets() : null;
        if (change.after().published()) {
            return oldFacets == null
                    ? entry(EventType.PUBLISHED, change.after().article(), null)
                    : entry(EventType.UPDATED, change.after().article(), oldFacets);
        }
        return oldFacets == null
                ? null
                : NewEntry.withdrawal(change.after().article().id(), oldFacets);
    }

    private NewEntry entry(EventType type, Article article, @Nullable Facets oldFacets) {
        var content = Map.of(
                "body", Objects.requireNonNull(article.content().body()),
                "html", Objects.requireNonNull(article.content().html()));
        return new NewEntry(
                type,
                article.id(),
                article.facets(),
                oldFacets,
                json.writeValueAsString(article.withoutBody()),
                json.writeValueAsString(content));
    }
}
