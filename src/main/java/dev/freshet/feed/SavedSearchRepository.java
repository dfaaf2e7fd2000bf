package dev.freshet.feed;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The saved searches of accounts. Statements are written out, since the table's key has two columns. */
interface SavedSearchRepository extends Repository<SavedSearch, UUID> {

    String SELECT = "select account, name, q, since, address is not null as has_address from saved_search where ";

    /** Returns the searches of accounts by name. */
    @Query(SELECT + "account = any(:accounts) order by key")
    Flux<SavedSearch> findAll(UUID[] accounts);

    @Query(SELECT + "account = :account and key = :key")
    Mono<SavedSearch> find(UUID account, String key);

    /** Returns the search of a secret address. */
    @Query(SELECT + "address = :digest")
    Mono<SavedSearch> findByAddress(byte[] digest);

    /** Locks an account until the end of the transaction, and returns its id. */
    @Query("select id from account where id = :account for no key update")
    Mono<UUID> lock(UUID account);

    /** Counts the searches of an account in addition to this one. */
    @Query("select count(*) from saved_search where account = :account and key <> :key")
    Mono<Long> countOthers(UUID account, String key);

    /** Saves a search, or replaces the one of this name. Its address stays. */
    @Modifying
    @Query("""
            insert into saved_search (account, name, q, query) values (:account, :name, :q, cast(:query as tsquery))
            on conflict (account, key) do update set name = excluded.name, q = excluded.q, query = excluded.query""")
    Mono<Long> save(UUID account, String name, String q, String query);

    @Modifying
    @Query("delete from saved_search where account = :account and key = :key")
    Mono<Long> remove(UUID account, String key);

    @Modifying
    @Query("update saved_search set address = :digest where account = :account and key = :key")
    Mono<Long> setAddress(UUID account, String key, byte[] digest);

    @Modifying
    @Query("update saved_search set address = null where account = :account and key = :key")
    Mono<Long> removeAddress(UUID account, String key);
}
