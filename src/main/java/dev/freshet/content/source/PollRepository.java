package dev.freshet.content.source;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/**
 * The statements of polls on the table of sources. A result names the fencing number of its poll, and has no effect once that
 * number has changed.
 */
interface PollRepository extends Repository<SourceRow, UUID> {

    /** Begins the poll of the first source of a host that is due. */
    @Query("""
            update polled_source s set fence = fence + 1, begun_at = now()
            where s.id = (select id from polled_source
                    where host = :host and state = 'active' and due_at <= now() order by due_at limit 1)
                and exists (select from polled_host h where h.host = :host and h.fence = :fence)
            returning *""")
    Mono<SourceRow> begin(String host, long fence);

    /**
     * Records a poll.
     *
     * @param report a {@link PollReport} as JSON
     */
    @Query("""
            with r as (
                select * from json_to_record(cast(:report as json)) as t(status int, created int, updated int,
                    unchanged int, rejected int, repaired int, millis bigint, reason text, success boolean,
                    failing boolean, ended boolean, moved boolean, delay float8, period float8, feed text, host text,
                    etag text, last_modified text, body bigint, entries text, hints text)
            ), recorded as (
                update polled_source s set feed = r.feed, host = r.host, etag = r.etag, last_modified = r.last_modified,
                    body = r.body, entries = r.entries, hints = r.hints, period = r.period,
                    state = case when r.ended then 'ended' else s.state end,
                    due_at = now() + make_interval(secs => case when s.pinged_at >= s.begun_at then 1 else r.delay end),
                    failures = case when r.success then 0 else s.failures + 1 end,
                    failing_since = case when r.success then null
                        when r.failing then coalesce(s.failing_since, now()) else s.failing_since end,
                    last_error = case when r.success then s.last_error else r.reason end,
                    last_error_at = case when r.success then s.last_error_at else now() end,
                    polls = s.polls + 1, articles = s.articles + r.created, polled_at = now(),
                    changed_at = case when r.created + r.updated > 0 then now() else s.changed_at end
                from r where s.id = :id and s.fence = :fence
                returning s.*
            ), arrived as (
                insert into polled_host as h (host)
                select recorded.host from recorded cross join r where r.moved
                on conflict (host) do update set wakes = h.wakes + 1,
                    due_at = least(h.due_at, greatest(now(), coalesce(h.lease_until, now())))
            ), logged as (
                insert into poll (source, slot, at, status, created, updated, unchanged, rejected, repaired, millis,
                    reason)
                select recorded.id, recorded.polls % :kept, now(), r.status, r.created, r.updated, r.unchanged,
                    r.rejected, r.repaired, r.millis, r.reason
                from recorded cross join r
                on conflict (source, slot) do update set at = excluded.at, status = excluded.status,
                    created = excluded.created, updated = excluded.updated, unchanged = excluded.unchanged,
                    rejected = excluded.rejected, repaired = excluded.repaired, millis = excluded.millis,
                    reason = excluded.reason
            )
            select * from recorded""")
    Mono<SourceRow> record(UUID id, long fence, String report, int kept);
}
