package dev.freshet.content.image;

import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table {@code image}. Triggers maintain the table {@code article_image}. */
interface ImageRepository extends Repository<ImageRepository.Row, String> {

    /** A registered image. */
    @Table("image")
    record Row(@Id String name, UUID owner) {}

    @Modifying
    @Query("insert into image (name, owner) values (:name, :owner)")
    Mono<Long> add(String name, UUID owner);

    /** Acquires an advisory lock until the end of the transaction; returns false if another transaction holds it. */
    @Query("select pg_try_advisory_xact_lock(:key)")
    Mono<Boolean> tryLock(long key);

    @Modifying
    @Query("""
            update image set unused_since = null where unused_since is not null
                and exists (select from article_image where name = image.name)""")
    Mono<Long> markUsed();

    @Modifying
    @Query("""
            update image set unused_since = now() where unused_since is null
                and not exists (select from article_image where name = image.name)""")
    Mono<Long> markUnused();

    /** Deletes images that have been unused for some time, and returns their names. */
    @Query("""
            delete from image where name in (
                select name from image where unused_since <= now() - make_interval(secs => :seconds)
                order by unused_since limit :limit for update skip locked)
            returning name""")
    Flux<String> deleteUnused(double seconds, int limit);
}
