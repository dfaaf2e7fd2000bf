package dev.freshet.content.article;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads rows of the table {@code article}. It uses {@code DatabaseClient}, because the columns of a row are derived from one
 * list. {@link ArticleWriter} writes them.
 */
@Component
class ArticleStore {

    private final DatabaseClient client;

    ArticleStore(DatabaseClient client) {
        this.client = client;
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

    /** Reads an account's articles that have one of these values as origin or canonical URL, oldest first. */
    Flux<StoredArticle> find(UUID owner, Collection<String> origins) {
        return client.sql(ArticleRow.SELECT
                        + " where a.owner = :owner and (a.origin = any(:origins) or a.canonical_url = any(:origins))"
                        + " order by a.id")
                .bind("owner", owner)
                .bind("origins", origins.toArray(String[]::new))
                .map(ArticleRow::stored)
                .all();
    }

    /** Returns those of these ids that articles of any account have. */
    Flux<UUID> existing(Collection<UUID> ids) {
        return client.sql("select id from article where id = any(:ids)")
                .bind("ids", ids.toArray(UUID[]::new))
                .mapValue(UUID.class)
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

    /** Makes an account the owner of an article. Returns the number of changed rows, 0 if its owner is another by now. */
    Mono<Long> changeOwner(StoredArticle stored, UUID owner) {
        return client.sql("update article set owner = :owner where id = :id and owner = :before")
                .bind("owner", owner)
                .bind("id", stored.article().id())
                .bind("before", stored.owner())
                .fetch()
                .rowsUpdated();
    }

    /** Returns the time until the next scheduled article is due, by the clock of the store; empty if none is scheduled. */
    Mono<Duration> untilNextDue() {
        return client.sql("""
                        select (extract(epoch from min(published_at) - now()) * 1000)::bigint as millis from article
                        where status = 'scheduled'""")
                .map(row -> Optional.ofNullable(row.get("millis", Long.class)))
                .one()
                .flatMap(Mono::justOrEmpty)
                .map(Duration::ofMillis);
    }

    /** Reads scheduled articles that are due. */
    Flux<StoredArticle> findDue(int limit) {
        return client.sql(ArticleRow.SELECT + """
                 where a.status = 'scheduled' and a.published_at <= now()
                order by a.published_at limit :limit""")
                .bind("limit", limit)
                .map(ArticleRow::stored)
                .all();
    }
}
