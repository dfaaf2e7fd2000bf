package dev.freshet.load.pages;

import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A peer: pages of all articles by WebFlux and Spring's R2DBC as in their guides, without security or metrics. */
@SpringBootConfiguration
@EnableAutoConfiguration(
        exclude = {
            ObservationAutoConfiguration.class,
            ReactiveManagementWebSecurityAutoConfiguration.class,
            ReactiveUserDetailsServiceAutoConfiguration.class,
            ReactiveWebSecurityAutoConfiguration.class
        })
@RestController
class PlainPages {

    private static final int LIMIT = 20;
    private static final String SQL = PageSql.page(PageSql.Filter.ALL, "", ":time", ":id", Integer.toString(LIMIT + 1));

    record Article(
            UUID id,
            String slug,
            String title,
            String summary,
            List<String> tags,
            String author,
            String source,
            @Nullable String canonicalUrl,
            String language,
            String status,
            Instant publishedAt,
            Instant updatedAt,
            long version) {}

    record Page(
            List<Article> items, String cursor, @Nullable String next) {}

    private record Row(String cursor, @Nullable Article article) {}

    private final DatabaseClient database;

    PlainPages(DatabaseClient database) {
        this.database = database;
    }

    public static void main(String... args) {
        new SpringApplicationBuilder(PlainPages.class)
                .properties(
                        "logging.level.root=warn",
                        "spring.main.banner-mode=off",
                        "spring.jackson.default-property-inclusion=non_null",
                        "spring.r2dbc.pool.max-size=" + Database.CONNECTIONS)
                .run(args);
    }

    @GetMapping(Requests.PATH)
    Mono<Page> page(@RequestParam String before) {
        var key = PageKey.parse(before);
        return database.sql(SQL)
                .bind("time", key.time())
                .bind("id", key.id())
                .map(PlainPages::row)
                .all()
                .collectList()
                .map(PlainPages::page);
    }

    private static Page page(List<Row> rows) {
        var found = rows.stream().map(Row::article).filter(Objects::nonNull).toList();
        var items = found.stream().limit(LIMIT).toList();
        return new Page(items, rows.getFirst().cursor(), found.size() > LIMIT ? next(items.getLast()) : null);
    }

    private static String next(Article last) {
        return Requests.PATH + "?before=" + PageKey.of(last.publishedAt(), last.id());
    }

    private static Row row(Readable row) {
        var cursor = "%08x-%d".formatted(row.get("epoch", Long.class), row.get("seq", Long.class));
        var id = row.get("id", UUID.class);
        return new Row(cursor, id == null ? null : article(id, row));
    }

    private static Article article(UUID id, Readable row) {
        return new Article(
                id,
                get(row, "slug", String.class),
                get(row, "title", String.class),
                get(row, "summary", String.class),
                List.of(get(row, "tags", String[].class)),
                get(row, "author", String.class),
                get(row, "source", String.class),
                row.get("canonical_url", String.class),
                get(row, "language", String.class),
                get(row, "status", String.class),
                get(row, "published_at", Instant.class),
                get(row, "updated_at", Instant.class),
                get(row, "version", Long.class));
    }

    private static <T> T get(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
