package dev.freshet.content.article;

import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The table of articles. Many are written with one statement, in the order of their origins and ids. */
@Component
class ArticleStore {

    private static final String SELECT =
            "select " + ArticleRow.columns(true) + ", a.owner, a.origin from " + ArticleRow.FROM;

    private static final String ROWS = """
            json_to_recordset(cast(:rows as json)) as b(
                id uuid, slug text, title text, summary text, body text, html text, tags text[],
                author text, source text, canonical_url text, origin text, language text, status text,
                owner uuid, published_at timestamptz, updated_at timestamptz, version bigint)
            join author w on w.name = b.author join source s on s.name = b.source""";

    private static final String INSERT = """
            insert into article (id, slug, title, summary, body, html, tags, author_id, source_id,
                canonical_url, origin, language, status, owner, published_at, updated_at, version)
            select b.id, b.slug, b.title, b.summary, b.body, b.html, b.tags, w.id, s.id,
                b.canonical_url, b.origin, b.language, b.status, b.owner, b.published_at, b.updated_at, b.version
            from\s""" + ROWS;

    private static final String NOT_YET = " where not exists (select from article where id = b.id)";
    private static final String ORDER = " order by b.origin, b.id";

    private static final String UPDATE = """
            update article a set was_search = a.search, slug = b.slug, title = b.title, summary = b.summary,
                body = b.body, html = b.html, tags = b.tags, author_id = w.id, source_id = s.id,
                canonical_url = b.canonical_url, origin = b.origin, language = b.language, status = b.status,
                published_at = b.published_at, updated_at = b.updated_at, version = b.version
            from\s""" + ROWS + " where a.id = b.id";

    private final DatabaseClient client;
    private final JsonMapper json;

    ArticleStore(DatabaseClient client, JsonMapper json) {
        this.client = client;
        this.json = json;
    }

    Mono<StoredArticle> find(UUID id) {
        return client.sql(SELECT + " where a.id = :id")
                .bind("id", id)
                .map(ArticleStore::stored)
                .one();
    }

    /** Reads an article and keeps others from changing it until the transaction ends. */
    Mono<StoredArticle> lock(UUID id) {
        return client.sql(SELECT + " where a.id = :id for update of a")
                .bind("id", id)
                .map(ArticleStore::stored)
                .one();
    }

    /** The same for the articles of these origins. */
    Flux<StoredArticle> lock(Collection<String> origins) {
        return client.sql(SELECT + " where a.origin = any(:origins) order by a.origin for update of a")
                .bind("origins", origins.toArray(String[]::new))
                .map(ArticleStore::stored)
                .all();
    }

    /** The same for scheduled articles that are due and that nobody else has locked. */
    Flux<StoredArticle> lockDue(int limit) {
        return client.sql(SELECT + """
                 where a.status = 'scheduled' and a.published_at <= now()
                order by a.published_at limit :limit for update of a skip locked""")
                .bind("limit", limit)
                .map(ArticleStore::stored)
                .all();
    }

    Mono<Void> insert(List<StoredArticle> articles) {
        if (articles.isEmpty()) {
            return Mono.empty();
        }
        // Authors and sources are known nearly always: they are named only where an insert leaves articles out.
        return write(INSERT + ORDER, articles)
                .flatMap(written -> written == articles.size()
                        ? Mono.just(written)
                        : name(articles)
                                .then(write(INSERT + NOT_YET + ORDER, articles))
                                .map(rest -> written + rest))
                .doOnNext(written -> check(written, articles))
                .then();
    }

    Mono<Void> update(List<StoredArticle> articles) {
        if (articles.isEmpty()) {
            return Mono.empty();
        }
        return name(articles)
                .then(write(UPDATE, articles))
                .doOnNext(written -> check(written, articles))
                .then();
    }

    private Mono<Long> write(String sql, List<StoredArticle> articles) {
        return Mono.defer(() -> client.sql(sql)
                .bind(
                        "rows",
                        json.writeValueAsString(
                                articles.stream().map(ArticleStore::row).toList()))
                .fetch()
                .rowsUpdated());
    }

    private static void check(long written, List<StoredArticle> articles) {
        if (written != articles.size()) {
            throw new IllegalStateException("Wrote " + written + " of " + articles.size() + " articles");
        }
    }

    private Mono<Void> name(List<StoredArticle> articles) {
        return name("author", articles, Article::author)
                .then(name("source", articles, Article::source))
                .then();
    }

    private Mono<Long> name(String table, List<StoredArticle> articles, Function<Article, String> name) {
        var names = articles.stream()
                .map(stored -> name.apply(stored.article()))
                .distinct()
                .sorted()
                .toArray(String[]::new);
        return client.sql("insert into " + table + " (name) select n from unnest(:names) n"
                        + " where not exists (select from " + table + " where name = n)"
                        + " order by n on conflict (name) do nothing")
                .bind("names", names)
                .fetch()
                .rowsUpdated();
    }

    private static Map<String, @Nullable Object> row(StoredArticle stored) {
        var article = stored.article();
        var row = new LinkedHashMap<String, @Nullable Object>();
        row.put("id", article.id());
        row.put("slug", article.slug());
        row.put("title", article.title());
        row.put("summary", article.summary());
        row.put("body", article.body());
        row.put("html", article.html());
        row.put("tags", new ArrayList<>(article.tags()));
        row.put("author", article.author());
        row.put("source", article.source());
        row.put("canonical_url", article.canonicalUrl());
        row.put("origin", stored.origin());
        row.put("language", article.language());
        row.put("status", article.status());
        row.put("owner", stored.owner());
        row.put("published_at", article.publishedAt());
        row.put("updated_at", article.updatedAt());
        row.put("version", article.version());
        return row;
    }

    private static StoredArticle stored(Readable row) {
        return new StoredArticle(
                ArticleRow.article(row),
                Objects.requireNonNull(row.get("owner", UUID.class)),
                row.get("origin", String.class));
    }
}
