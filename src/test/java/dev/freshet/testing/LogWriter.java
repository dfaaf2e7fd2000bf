package dev.freshet.testing;

import dev.freshet.log.feedlog.AppendResult;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.NewEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.dao.DataIntegrityViolationException;
import reactor.core.publisher.Mono;

/** Writes articles and their events straight into the tables, as fast as tests of the log want them. */
public final class LogWriter {

    private final FeedLog feedLog;

    /** Writes through an instance's connections. */
    public LogWriter(Freshet instance) {
        feedLog = instance.bean(FeedLog.class);
    }

    /** Publishes an article with one tag. */
    public Mono<Cursor> publish(String title, String tag) {
        return publish(UUID.randomUUID(), title, tag);
    }

    /** Publishes an article with this id. */
    public Mono<Cursor> publish(UUID id, String title, String tag) {
        return last(feedLog.append(
                ArticleRows.insert(List.of(row(id, title, tag, ArticleRows.OWNER))),
                List.of(published(id, title, tag))));
    }

    /** Publishes articles with one update of the clock. */
    public Mono<Cursor> publishAll(int count, String tag) {
        return publishAll(count, "Article", tag);
    }

    /** Publishes articles whose titles begin with this text. */
    public Mono<Cursor> publishAll(int count, String title, String tag) {
        var ids = IntStream.range(0, count).mapToObj(i -> UUID.randomUUID()).toList();
        var rows = ids.stream()
                .map(id -> row(id, title + " " + id, tag, ArticleRows.OWNER))
                .toList();
        return last(feedLog.append(
                ArticleRows.insert(rows),
                ids.stream().map(id -> published(id, title + " " + id, tag)).toList()));
    }

    /** Publishes an article that is rolled back at the last moment: its owner is checked after the clock was updated. */
    public Mono<Void> publishAndRollBack(String tag) {
        var id = UUID.randomUUID();
        return feedLog.append(
                        ArticleRows.insert(List.of(row(id, "Never", tag, UUID.randomUUID()))),
                        List.of(published(id, "Never", tag)))
                .then(Mono.<Void>error(new AssertionError("An article without an owner was written")))
                .onErrorComplete(DataIntegrityViolationException.class);
    }

    /** Moves an article from one tag to another. */
    public Mono<Cursor> retag(UUID id, String from, String to) {
        return last(feedLog.append(
                ArticleRows.update(id, Map.of("tags", List.of(to))),
                List.of(new NewEntry(
                        EventType.UPDATED,
                        id,
                        facets(to),
                        facets(from),
                        "{\"id\":\"" + id + "\",\"title\":\"Retagged\"}",
                        "{\"body\":\"b\",\"html\":\"h\"}"))));
    }

    /** Withdraws an article for good. */
    public Mono<Cursor> withdraw(UUID id, String tag) {
        return last(feedLog.append(
                ArticleRows.update(id, Map.of("status", "withdrawn")), List.of(NewEntry.withdrawal(id, facets(tag)))));
    }

    private static Mono<Cursor> last(Mono<AppendResult> appended) {
        return appended.mapNotNull(AppendResult::last);
    }

    private static Map<String, Object> row(UUID id, String title, String tag, UUID owner) {
        return Map.ofEntries(
                Map.entry("id", id),
                Map.entry("slug", "s"),
                Map.entry("title", title),
                Map.entry("summary", ""),
                Map.entry("body", "b"),
                Map.entry("html", "h"),
                Map.entry("tags", List.of(tag)),
                Map.entry("author", "Ann"),
                Map.entry("source", "test"),
                Map.entry("language", "en"),
                Map.entry("status", "published"),
                Map.entry("owner", owner),
                Map.entry("published_at", Instant.now().toString()),
                Map.entry("version", 1));
    }

    private static NewEntry published(UUID id, String title, String tag) {
        return new NewEntry(
                EventType.PUBLISHED,
                id,
                facets(tag),
                null,
                "{\"id\":\"" + id + "\",\"title\":\"" + title + "\"}",
                "{\"body\":\"b\",\"html\":\"h\"}");
    }

    private static Facets facets(String tag) {
        return new Facets(List.of(tag), "Ann", "test", "en");
    }
}
