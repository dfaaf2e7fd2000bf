package dev.freshet.content.article;

import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

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
                + " a.published_at, a.updated_at, a.version";
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
                row.get("published_at", Instant.class),
                require(row, "updated_at", Instant.class),
                require(row, "version", Long.class));
    }

    private static <T> T require(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
