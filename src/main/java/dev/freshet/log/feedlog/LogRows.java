package dev.freshet.log.feedlog;

import dev.freshet.platform.store.Columns;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/** Maps entries of the log to rows of its table, and rows to entries. */
final class LogRows {

    /** The columns of an entry without its content. */
    static final String COLUMNS =
            "seq, at, type, article_id, tags, author, source, was_tags, was_author, was_source, article, traceparent, "
                    + Condition.LANGUAGE + " as language_now, " + Condition.WAS_LANGUAGE + " as language_before";

    private LogRows() {}

    /** Returns the rows of a batch, with the columns that its statement reads from JSON. */
    static List<Map<String, @Nullable Object>> ofBatch(List<NewEntry> entries) {
        var rows = new ArrayList<Map<String, @Nullable Object>>(entries.size());
        for (var entry : entries) {
            var row = new LinkedHashMap<String, @Nullable Object>();
            row.put("ord", rows.size() + 1);
            row.put("type", entry.type());
            row.put("article_id", entry.articleId());
            row.put("tags", entry.now().tags());
            row.put("author", entry.now().author());
            row.put("source", entry.now().source());
            row.put("language", entry.now().language());
            var before = entry.before();
            if (before != null) {
                row.put("was_tags", before.tags());
                row.put("was_author", before.author());
                row.put("was_source", before.source());
                row.put("was_language", before.language());
            }
            row.put("article", new RawValue(entry.article()));
            row.put("content", entry.content() == null ? null : new RawValue(entry.content()));
            if (entry.traceparent() != null) {
                row.put("traceparent", entry.traceparent());
            }
            rows.add(row);
        }
        return rows;
    }

    /** Maps a row of {@link #COLUMNS} and the content. */
    static LogEntry entry(Readable row) {
        var wasAuthor = row.get("was_author", String.class);
        return new LogEntry(
                Columns.number(row, "seq"),
                Columns.require(row, "at", Instant.class).toEpochMilli(),
                EventType.parse(Columns.require(row, "type", String.class)),
                Columns.require(row, "article_id", UUID.class),
                new Facets(
                        List.of(Columns.require(row, "tags", String[].class)),
                        Columns.require(row, "author", String.class),
                        Columns.require(row, "source", String.class),
                        row.get("language_now", String.class)),
                wasAuthor == null
                        ? null
                        : new Facets(
                                List.of(Columns.require(row, "was_tags", String[].class)),
                                wasAuthor,
                                Columns.require(row, "was_source", String.class),
                                row.get("language_before", String.class)),
                Columns.require(row, "article", String.class),
                row.get("content", String.class),
                row.get("traceparent", String.class));
    }
}
