package dev.freshet.content.article;

import dev.freshet.platform.store.Columns;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Maps articles to and from rows. All SQL of the table {@code article} is derived from {@link #COLUMNS}. */
public final class ArticleRow {

    /** A {@code from} clause with the aliases {@code a} (article), {@code w} (author) and {@code s} (source). */
    public static final String FROM =
            "(article a join author w on w.id = a.author_id join source s on s.id = a.source_id)";

    /**
     * A column.
     *
     * @param name the name in snake case of the JSON field
     * @param stored the column that stores it
     * @param value the SQL expression of its new value
     * @param selected the SQL expression that reads it
     */
    private record Column(String name, String type, String stored, String value, String selected) {

        static Column of(String name, String type) {
            return new Column(name, type, name, "b." + name, "a." + name);
        }

        /** Returns a column whose values are names in another table. */
        static Column reference(String name, String alias) {
            return new Column(name, "text", name + "_id", "b." + name + "_id", alias + ".name as " + name);
        }
    }

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> BODY = List.of("body", "html");
    private static final List<String> NOT_IN_JSON = List.of("origin", "owner");
    private static final List<String> NEVER_UPDATED = List.of("id", "owner");

    private static final List<Column> COLUMNS = List.of(
            Column.of("id", "uuid"),
            Column.of("slug", "text"),
            Column.of("title", "text"),
            Column.of("summary", "text"),
            Column.of("body", "text"),
            Column.of("html", "text"),
            Column.of("tags", "text[]"),
            Column.reference("author", "w"),
            Column.reference("source", "s"),
            Column.of("canonical_url", "text"),
            Column.of("origin", "text"),
            Column.of("language", "text"),
            new Column(
                    "attachments",
                    "jsonb",
                    "attachments",
                    "coalesce(b.attachments, '[]')",
                    "a.attachments::text as attachments"),
            Column.of("image", "text"),
            Column.of("status", "text"),
            Column.of("owner", "uuid"),
            // As microseconds, since the driver reads times before 1582 in the Julian calendar.
            new Column(
                    "published_at",
                    "timestamptz",
                    "published_at",
                    "b.published_at",
                    "(extract(epoch from a.published_at) * 1000000)::bigint as published_at"),
            Column.of("updated_at", "timestamptz"),
            Column.of("version", "bigint"));

    /** The names and types of the columns in the JSON of {@link StoredArticle}. */
    static final String TYPES = list(column -> true, column -> column.name() + " " + column.type());

    /** The columns of the table. */
    static final String STORED = list(column -> true, Column::stored);

    /** The values of {@link #STORED}, from a row {@code b} of {@link #TYPES} with the ids of its author and source. */
    static final String VALUES = list(column -> true, Column::value);

    /** The assignments of an update from the same row. */
    static final String ASSIGNMENTS =
            list(column -> !NEVER_UPDATED.contains(column.name()), column -> column.stored() + " = " + column.value());

    static final String SELECT = "select " + columns(true) + ", a.owner, a.origin from " + FROM;

    private ArticleRow() {}

    /**
     * Returns the columns that {@link #article} reads, for a {@code select} from {@link #FROM}.
     *
     * @param body whether to read {@code body} and {@code html}
     */
    public static String columns(boolean body) {
        return list(
                column -> !NOT_IN_JSON.contains(column.name()),
                column -> body || !BODY.contains(column.name()) ? column.selected() : "null as " + column.name());
    }

    private static String list(Predicate<Column> filter, Function<Column, String> sql) {
        return COLUMNS.stream().filter(filter).map(sql).collect(Collectors.joining(", "));
    }

    /** Returns the article of a row that has the {@link #columns}. */
    public static Article article(Readable row) {
        var content = new ArticleContent(
                Columns.require(row, "slug", String.class),
                Columns.require(row, "title", String.class),
                Columns.require(row, "summary", String.class),
                row.get("body", String.class),
                row.get("html", String.class),
                List.of(Columns.require(row, "tags", String[].class)),
                Columns.require(row, "author", String.class),
                Columns.require(row, "source", String.class),
                row.get("canonical_url", String.class),
                Columns.require(row, "language", String.class),
                attachments(Columns.require(row, "attachments", String.class)),
                row.get("image", String.class),
                null);
        var publication = new Publication(
                Status.parse(Columns.require(row, "status", String.class)),
                time(row.get("published_at", Long.class)),
                Columns.require(row, "updated_at", Instant.class));
        return new Article(
                Columns.require(row, "id", UUID.class),
                content,
                publication,
                Columns.require(row, "version", Long.class));
    }

    private static @Nullable Instant time(@Nullable Long micros) {
        return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static List<Attachment> attachments(String json) {
        return json.equals("[]") ? List.of() : List.of(JSON.readValue(json, Attachment[].class));
    }

    static StoredArticle stored(Readable row) {
        return new StoredArticle(
                article(row), Columns.require(row, "owner", UUID.class), row.get("origin", String.class));
    }
}
