package dev.freshet.content.image;

import java.time.Duration;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table of images: whose they are, and which of them no article shows. */
final class ImageRegistry {

    private static final int AT_ONCE = 100;
    // Names one lock of the database, which nothing else takes.
    private static final long COLLECTING = 0x696d61676573L;
    private static final String IS_SHOWN = "exists (select from article_image where name = image.name)";

    private final DatabaseClient client;
    private final TransactionalOperator transaction;
    private final ImageStore store;

    ImageRegistry(DatabaseClient client, TransactionalOperator transaction, ImageStore store) {
        this.client = client;
        this.transaction = transaction;
        this.store = store;
    }

    /** Notes an image before it is kept, so that it is collected if that fails. */
    Mono<Void> add(ImageName name, UUID owner) {
        return client.sql("insert into image (name, owner) values (:name, :owner)")
                .bind("name", name.text())
                .bind("owner", owner)
                .then();
    }

    /**
     * Deletes images that no article has shown for this time. Of several callers at once, one does it.
     *
     * @return how many
     */
    Mono<Long> collect(Duration unused) {
        var batch = transaction.transactional(alone().filter(mine -> mine)
                .flatMap(mine -> mark().then(Mono.defer(() -> delete(unused).count()))));
        return batch.expand(deleted -> deleted < AT_ONCE ? Mono.empty() : batch).reduce(0L, Long::sum);
    }

    private Mono<Boolean> alone() {
        return client.sql("select pg_try_advisory_xact_lock(:lock)")
                .bind("lock", COLLECTING)
                .mapValue(Boolean.class)
                .one();
    }

    private Mono<Void> mark() {
        return client.sql("update image set unused_since = null where unused_since is not null and " + IS_SHOWN)
                .then()
                .then(client.sql("update image set unused_since = now() where unused_since is null and not " + IS_SHOWN)
                        .then());
    }

    /** First the rows: one that an article has just begun to show fails here, before anything is lost. */
    private Flux<ImageName> delete(Duration unused) {
        return client.sql("""
                        delete from image where name in (
                            select name from image where unused_since <= now() - make_interval(secs => :seconds)
                            order by unused_since limit :limit for update skip locked)
                        returning name""")
                .bind("seconds", (double) unused.toSeconds())
                .bind("limit", AT_ONCE)
                .mapValue(String.class)
                .all()
                .collectList()
                .flatMapIterable(names -> names)
                .map(ImageName::new)
                .concatMap(name -> store.delete(name).thenReturn(name));
    }
}
