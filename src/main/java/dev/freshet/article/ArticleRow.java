package dev.freshet.article;

import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How an article is read from its table, for whoever writes a query of articles. */
public final class ArticleRow {

    /** The tables, to stand in a {@code from} clause: {@code a} the article, {@code w} its author, {@code s} its source. */
    public static final String FROM =
            "(article a join author w on w.id = a.author_id join source s on s.id = a.source_id)";

    private ArticleRow() {}

    /**
     * The columns that {@link #article} needs.
     *
     * @param content whether to read {@code body} and {@code html} too
     */
    public static String columns(boolean content) {
        return "a.id, a.slug, a.title, a.summary, "
                + (content ? "a.body, a.html" : "null as body, null as html")
                + ", a.tags, w.name as author, s.name as source, a.canonical_url, a.language, a.status,"
                + " " + micros("a.published_at") + " as published_at, " + micros("a.updated_at") + " as updated_at,"
                + " a.version";
    }

    /** A time as a number of microseconds since 1970: as text, which the driver takes it as, it costs more than all else. */
    public static String micros(String column) {
        return "(extract(epoch from " + column + ") * 1000000)::bigint";
    }

    /** The time in a column of {@link #micros}; null where there is none. */
    public static @Nullable Instant time(Readable row, String column) {
        var micros = row.get(column, Long.class);
        return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** The article in a row that has {@link #columns}. */
    public static Article article(Readable row) {
        return new Article(
                require(row, "id", UUID.class),
                require(row, "slug", String.class),
                require(row, "title", String.class),
                require(row, "summary", String.class),
                row.get("body", String.class),
                row.get("html", String.class),
                List.of(require(row, "tags", String[].class)),
                require(row, "author", String.class),
                require(row, "source", String.class),
                row.get("canonical_url", String.class),
                require(row, "language", String.class),
                Status.parse(require(row, "status", String.class)),
                time(row, "published_at"),
                Objects.requireNonNull(time(row, "updated_at")),
                require(row, "version", Long.class));
    }

    private static <T> T require(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
