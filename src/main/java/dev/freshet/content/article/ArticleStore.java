package dev.freshet.content.article;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads, locks and writes rows of the table {@code article}. It uses {@code DatabaseClient}, because one statement writes
 * many rows in a fixed order, and reads lock their rows; a repository can do neither.
 */
@Component
class ArticleStore {

    private static final String IF_ABSENT = " where not exists (select from article where id = b.id)";
    // A fixed order of writes prevents deadlocks between transactions.
    private static final String ORDER = " order by b.origin, b.id";

    private final DatabaseClient client;
    private final JsonMapper rows;

    ArticleStore(DatabaseClient client, JsonMapper json) {
        this.client = client;
        this.rows = json.rebuild()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
    }

    /** Returns whether no article exists. */
    Mono<Boolean> isEmpty() {
        return client.sql("select not exists (select from article) as is_empty")
                .mapValue(Boolean.class)
                .one();
    }

    Mono<StoredArticle> find(UUID id) {
        return client.sql(ArticleRow.SELECT + " where a.id = :id")
                .bind("id", id)
                .map(ArticleRow::stored)
                .one();
    }

    /** Reads an article and locks it until the transaction ends. */
    Mono<StoredArticle> lock(UUID id) {
        return client.sql(ArticleRow.SELECT + " where a.id = :id for update of a")
                .bind("id", id)
                .map(ArticleRow::stored)
                .one();
    }

    /** Reads and locks an account's articles that have one of these values as origin or canonical URL, oldest first. */
    Flux<StoredArticle> lock(UUID owner, Collection<String> origins) {
        return client.sql(ArticleRow.SELECT
                        + " where a.owner = :owner and (a.origin = any(:origins) or a.canonical_url = any(:origins))"
                        + " order by a.id for update of a")
                .bind("owner", owner)
                .bind("origins", origins.toArray(String[]::new))
                .map(ArticleRow::stored)
                .all();
    }

    /** Returns whether an account has an article with this canonical URL, other than the given one. */
    Mono<Boolean> hasCanonicalUrl(UUID owner, String url, UUID except) {
        return client.sql("select exists (select from article"
                        + " where owner = :owner and canonical_url = :url and id <> :except)")
                .bind("owner", owner)
                .bind("url", url)
                .bind("except", except)
                .map(row -> Boolean.TRUE.equals(row.get(0, Boolean.class)))
                .one();
    }

    /** Makes an account the owner of an article. */
    Mono<Void> changeOwner(UUID id, UUID owner) {
        return client.sql("update article set owner = :owner where id = :id")
                .bind("owner", owner)
                .bind("id", id)
                .then();
    }

    /** Reads and locks scheduled articles that are due. Skips articles that another transaction has locked. */
    Flux<StoredArticle> lockDue(int limit) {
        return client.sql(ArticleRow.SELECT + """
                 where a.status = 'scheduled' and a.published_at <= now()
                order by a.published_at limit :limit for update of a skip locked""")
                .bind("limit", limit)
                .map(ArticleRow::stored)
                .all();
    }

    Mono<Void> insert(List<StoredArticle> articles) {
        if (articles.isEmpty()) {
            return Mono.empty();
        }
        // Authors and sources exist nearly always, so missing ones are added only if the insert leaves rows out.
        return write(ArticleRow.INSERT + ORDER, articles)
                .flatMap(written -> written == articles.size()
                        ? Mono.just(written)
                        : addNames(articles)
                                .then(write(ArticleRow.INSERT + IF_ABSENT + ORDER, articles))
                                .map(more -> written + more))
                .doOnNext(written -> check(written, articles))
                .then();
    }

    Mono<Void> update(List<StoredArticle> articles) {
        if (articles.isEmpty()) {
            return Mono.empty();
        }
        return addNames(articles)
                .then(write(ArticleRow.UPDATE, articles))
                .doOnNext(written -> check(written, articles))
                .then();
    }

    private Mono<Long> write(String sql, List<StoredArticle> articles) {
        return Mono.defer(() -> client.sql(sql)
                .bind("rows", rows.writeValueAsString(articles))
                .fetch()
                .rowsUpdated());
    }

    private static void check(long written, List<StoredArticle> articles) {
        if (written != articles.size()) {
            throw new IllegalStateException("Wrote " + written + " of " + articles.size() + " articles");
        }
    }

    private Mono<Void> addNames(List<StoredArticle> articles) {
        return addNames("author", articles, ArticleContent::author)
                .then(addNames("source", articles, ArticleContent::source))
                .then();
    }

    private Mono<Long> addNames(String table, List<StoredArticle> articles, Function<ArticleContent, String> name) {
        var names = articles.stream()
                .map(stored -> name.apply(stored.article().content()))
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
}
