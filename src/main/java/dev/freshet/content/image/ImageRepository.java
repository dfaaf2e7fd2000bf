package dev.freshet.content.image;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table {@code image}. Triggers maintain the table {@code article_image}. */
interface ImageRepository extends Repository<ImageRepository.Row, String> {

    /**
     * A registered image.
     *
     * @param sizes the suffixes of its smaller sizes
     */
    @Table("image")
    record Row(@Id String name, List<String> sizes) {

        /** Returns the names of the image and of its smaller sizes. */
        Stream<ImageName> names() {
            var image = new ImageName(name);
            return Stream.concat(Stream.of(image), sizes.stream().map(image::size));
        }
    }

    @Modifying
    @Query("""
            insert into image (name, owner, width, height, preview, sizes)
            values (:name, :owner, :width, :height, :preview, :sizes)""")
    Mono<Long> add(String name, UUID owner, int width, int height, @Nullable String preview, String[] sizes);

    /** Takes an image of an earlier version, which has no sizes yet. Each is returned once. */
    @Query("""
            update image set width = 0, height = 0 where name in (
                select name from image where width is null and created_at < now() - interval '10 minutes'
                order by created_at limit 1 for update skip locked)
            returning name, sizes""")
    Mono<Row> takeOneWithoutSizes();

    /** Reverses {@link #takeOneWithoutSizes()}. */
    @Modifying
    @Query("update image set width = null, height = null where name = :name")
    Mono<Long> returnWithoutSizes(String name);

    @Modifying
    @Query("""
            update image set width = :width, height = :height, preview = :preview, sizes = :sizes
            where name = :name""")
    Mono<Long> setSizes(String name, int width, int height, @Nullable String preview, String[] sizes);

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

    /** Deletes images that have been unused for some time, and returns them. */
    @Query("""
            delete from image where name in (
                select name from image where unused_since <= now() - make_interval(secs => :seconds)
                order by unused_since limit :limit for update skip locked)
            returning name, sizes""")
    Flux<Row> deleteUnused(double seconds, int limit);
}
