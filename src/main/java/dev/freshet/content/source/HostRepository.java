package dev.freshet.content.source;

import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The claims of hosts. Each statement that changes a claimed host names the fencing number of its claim, and has no effect once
 * that number has changed.
 */
interface HostRepository extends Repository<HostClaim, String> {

    /**
     * Claims hosts that are due. A claimed host is due again at the end of its lease.
     *
     * @param lease seconds for which no other instance can claim them
     */
    @Query("""
            update polled_host h set fence = fence + 1, due_at = now() + make_interval(secs => :lease),
                lease_until = now() + make_interval(secs => :lease)
            from (select host from polled_host where due_at <= now() order by due_at limit :limit
                for no key update skip locked) due
            where h.host = due.host returning h.host, h.fence, h.wakes""")
    Flux<HostClaim> claim(int limit, double lease);

    /** Returns the seconds until a host is due, negative for one that is late; without any, the given value. */
    @Query("""
            select coalesce(extract(epoch from
                (select min(due_at) from polled_host where due_at < 'infinity') - now()), :otherwise)::float8""")
    Mono<Double> pause(double otherwise);

    /** Extends a claim; returns 0 if it has ended. */
    @Modifying
    @Query("""
            update polled_host set due_at = now() + make_interval(secs => :lease),
                lease_until = now() + make_interval(secs => :lease)
            where host = :host and fence = :fence and lease_until is not null""")
    Mono<Long> renew(String host, long fence, double lease);

    /**
     * Ends a claim. The host is due with its next source, or at once if an owner changed a source meanwhile.
     *
     * @param pause minimum seconds until then
     */
    @Modifying
    @Query("""
            update polled_host h set lease_until = null, due_at = case when h.wakes <> :wakes then now() else (
                select case when min(s.due_at) is null then 'infinity'
                    else greatest(min(s.due_at), now() + make_interval(secs => :pause)) end
                from polled_source s where s.host = h.host and s.state = 'active') end
            where host = :host and fence = :fence""")
    Mono<Long> release(String host, long fence, long wakes, double pause);

    /** Deletes a claimed host without sources. */
    @Modifying
    @Query("""
            delete from polled_host h where host = :host and fence = :fence and wakes = :wakes
                and not exists (select from polled_source s where s.host = h.host)""")
    Mono<Long> deleteEmpty(String host, long fence, long wakes);
}
