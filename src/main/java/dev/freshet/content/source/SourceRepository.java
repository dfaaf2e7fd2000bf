package dev.freshet.content.source;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The owners' statements on the table of sources. {@link PollRepository} has those of polls. */
interface SourceRepository extends Repository<SourceRow, UUID> {

    /** Counts the sources of an account. */
    @Query("select count(*) from polled_source where account = :account")
    Mono<Long> count(UUID account);

    /** Makes a host due, unless it is claimed: then it is due at the end of the claim. */
    @Modifying
    @Query("""
            insert into polled_host as h (host) values (:host)
            on conflict (host) do update set wakes = h.wakes + 1,
                due_at = least(h.due_at, greatest(now(), coalesce(h.lease_until, now())))""")
    Mono<Long> wake(String host);

    /** Adds a source that is due at once; empty if the account has one of this address. */
    @Query("""
            insert into polled_source (id, account, name, url, host, tags, author, fixed, period)
            values (:id, :account, :name, :url, :host, :tags, :author, :fixed, :period)
            on conflict (account, url) do nothing returning *""")
    Mono<SourceRow> add(
            UUID id,
            UUID account,
            String name,
            String url,
            String host,
            String tags,
            @Nullable String author,
            @Nullable Long fixed,
            double period);

    @Query("select * from polled_source where id = :id")
    Mono<SourceRow> find(UUID id);

    /** Locks a source until the end of the transaction, and returns it. */
    @Query("select * from polled_source where id = :id for no key update")
    Mono<SourceRow> lock(UUID id);

    /**
     * Returns sources, newest first.
     *
     * @param account null for those of all accounts
     * @param before the id before which to begin
     */
    @Query("""
            select * from polled_source where (cast(:account as uuid) is null or account = :account) and id < :before
            order by id desc limit :limit""")
    Flux<SourceRow> list(@Nullable UUID account, UUID before, int limit);

    /**
     * Replaces everything that an owner can change, and ends a poll in progress. The next poll reads the whole document.
     * Fails if the account has another source of this address.
     *
     * @param moved whether the address is another one, so that its feed is not known yet
     */
    @Query("""
            update polled_source set name = :name, url = :url, host = :host, tags = :tags, author = :author,
                fixed = :fixed, state = :state, fence = fence + 1, due_at = now(), etag = null, last_modified = null,
                body = null, entries = '', failures = 0, failing_since = null,
                feed = case when :moved then null else feed end, hints = case when :moved then null else hints end,
                hub = case when :moved or :state <> 'active' then null else hub end
            where id = :id returning *""")
    Mono<SourceRow> change(
            UUID id,
            String name,
            String url,
            String host,
            String tags,
            @Nullable String author,
            @Nullable Long fixed,
            String state,
            boolean moved);

    /** Returns all sources of an account, in the order of their names. */
    @Query("select * from polled_source where account = :account order by name, id")
    Flux<SourceRow> listAll(UUID account);

    @Query("delete from polled_source where id = :id returning *")
    Mono<SourceRow> remove(UUID id);
}
