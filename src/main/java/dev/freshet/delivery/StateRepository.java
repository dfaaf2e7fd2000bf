package dev.freshet.delivery;

import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The states of all subscriptions. */
interface StateRepository extends Repository<StateCount, String> {

    /** Counts the subscriptions by state. */
    @Query("""
            select s.state, count(*) as count, max(case when s.epoch = :epoch then :seq - s.seq else 0 end) as lag,
                min(s.pause)::float8 as pause
            from (select case when s.expires_at <= now() then 'expired'
                        when s.state = 'active' and s.failing_since is not null then 'failing' else s.state end as state, s.epoch, s.seq, case when\s""" + ClaimRepository.BEHIND + """
                    then extract(epoch from greatest(s.due_at, coalesce(s.lease_until, s.due_at)) - now()) end as pause
                from subscription s) s
            group by s.state""")
    Flux<StateCount> count(long epoch, long seq);

    /**
     * Returns the seconds until the next attempt of a subscription that waits for one.
     *
     * @param otherwise the result if none is due within this time
     */
    @Query("""
            select coalesce(extract(epoch from min(due_at) - now())::float8, :otherwise) from subscription
            where state in ('unverified', 'active') and due_at > now()
                and due_at < now() + make_interval(secs => :otherwise)""")
    Mono<Double> untilNext(double otherwise);
}
