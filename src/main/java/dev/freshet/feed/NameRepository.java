package dev.freshet.feed;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.NoRepositoryBean;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Names that accounts have in a list. Statements are written out, since the table's key has three columns.
 *
 * @param <T> a name in the list
 */
@NoRepositoryBean
interface NameRepository<T> extends Repository<T, UUID> {

    /** Returns the list of an account, newest first. Names are as articles show them, or as they were added. */
    @Query("""
            select f.account, f.kind, coalesce(
                case f.kind when 'tag' then (select name from tag where key = f.key)
                    when 'author' then (select name from author where key = f.key)
                    else (select name from source where key = f.key) end, f.name) as name, f.since
            from #{#tableName} f where f.account = :account order by f.since desc, f.kind, f.key""")
    Flux<T> findAll(UUID account);

    /** Returns the lists of accounts, with keys as names. */
    @Query("select account, kind, key as name, since from #{#tableName} where account = any(:accounts)")
    Flux<T> findKeys(UUID[] accounts);

    /** Locks an account until the end of the transaction, and returns its id. */
    @Query("select id from account where id = :account for no key update")
    Mono<UUID> lock(UUID account);

    /** Counts the names of an account in addition to this one. */
    @Query("select count(*) from #{#tableName} where account = :account and (kind, key) <> (:kind, :key)")
    Mono<Long> countOthers(UUID account, String kind, String key);

    /** Adds a name unless the list has it already. */
    @Modifying
    @Query("insert into #{#tableName} (account, kind, name) values (:account, :kind, :name) on conflict do nothing")
    Mono<Long> add(UUID account, String kind, String name);

    @Modifying
    @Query("delete from #{#tableName} where account = :account and kind = :kind and key = :key")
    Mono<Long> remove(UUID account, String kind, String key);
}
