package dev.freshet.content.article;

import dev.freshet.log.feedlog.AppendResult;
import dev.freshet.log.feedlog.ArticleWrite;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.NewEntry;
import dev.freshet.platform.trace.Tracing;
import java.time.Duration;
import java.time.Instant;
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

    private final WriteStatement statement;
    private final FeedLog feedLog;
    private final JsonMapper json;
    private final DueTimer timer;
    private final Tracing tracing;

    ArticleWriter(WriteStatement statement, FeedLog feedLog, JsonMapper json, DueTimer timer, Tracing tracing) {
        this.statement = statement;
        this.feedLog = feedLog;
        this.json = json;
        this.timer = timer;
        this.tracing = tracing;
    }

    /**
     * Writes new articles as {@link #write(List)} does. Left out are those whose idempotency key was recorded before, and
     * those whose owner has another article with their canonical URL.
     *
     * @param creations at least one
     * @param checksNames whether to fail with a {@link org.springframework.dao.ConcurrencyFailureException} if a name was
     *     first written in another spelling
     */
    Mono<AppendResult> create(List<ArticleChange> creations, boolean checksNames) {
        return Mono.defer(() -> append(statement.ofNew(creations, checksNames), creations));
    }

    /**
     * Writes changes of different articles, all or none, by one statement in autocommit mode.
     *
     * @param changes at least one
     * @return fails with a {@link org.springframework.dao.ConcurrencyFailureException} if an article was changed since it
     *     was read
     */
    Mono<AppendResult> write(List<ArticleChange> changes) {
        return write(changes, null);
    }

    /**
     * Writes changes as {@link #write(List)} does, provided that a lease holds. Without an effect, the result has no changed
     * articles.
     *
     * @param lease null for no condition
     */
    Mono<AppendResult> write(List<ArticleChange> changes, @Nullable ImportLease lease) {
        return Mono.defer(() -> append(statement.of(changes, lease), changes));
    }

    private Mono<AppendResult> append(ArticleWrite write, List<ArticleChange> changes) {
        return tracing.withParent(span -> {
                    var entries = changes.stream()
                            .map(change -> entry(change, span))
                            .filter(Objects::nonNull)
                            .toList();
                    return tracing.span("commit", entries, NewEntry::traceparent, feedLog.append(write, entries));
                })
                .doOnNext(written -> changes.forEach(this::watch));
    }

    /** Adds a scheduled article to the timer. */
    private void watch(ArticleChange change) {
        var publication = change.after().article().publication();
        var dueAt = publication.publishedAt();
        if (publication.status() == Status.SCHEDULED && dueAt != null) {
            timer.add(Duration.between(Instant.now(), dueAt));
        }
    }

    private @Nullable NewEntry entry(ArticleChange change, @Nullable String span) {
        var entry = entry(change);
        return entry == null ? null : entry.tracedBy(change.traceparent() == null ? span : change.traceparent());
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
        var words = article.content().words();
        return new NewEntry(
                type,
                article.id(),
                article.facets(),
                oldFacets,
                json.writeValueAsString(article.withoutBody()),
                json.writeValueAsString(content),
                null,
                // A change needs the words before it too, which only the store has. Long ones would delay other events.
                words == null || words.isLong() || oldFacets != null ? null : words::document);
    }
}
