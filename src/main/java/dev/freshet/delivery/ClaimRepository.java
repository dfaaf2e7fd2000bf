package dev.freshet.delivery;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The statements of deliveries on the table of subscriptions. Each that changes a claimed subscription names the fencing
 * number of its claim. It has no effect once another instance or the owner has changed that number.
 */
interface ClaimRepository extends Repository<SubscriptionRow, UUID> {

    /** Selects subscriptions that have something to deliver, with and without a claim. */
    String BEHIND = """
            s.state in ('unverified', 'active') and (s.state = 'unverified' or s.epoch <> :epoch or s.seq < :seq)
            and (s.expires_at is null or s.expires_at > now())
            and (s.account is null or exists (select from account a
                where a.id = s.account and a.left_at is null and a.disabled_at is null))
            """;

    String READY = BEHIND + " and s.due_at <= now() and (s.lease_until is null or s.lease_until <= now())"
            + " order by s.due_at limit ";

    /**
     * Claims subscriptions that are behind a position.
     *
     * @param limit maximum of all
     * @param slow maximum of those whose last attempt was slow or failed; they come first
     * @param lease seconds for which no other instance can claim them
     */
    @Query("with prompt as (select s.id from subscription s where not s.slow and " + READY
            + ":limit for no key update of s skip locked), slow as (select s.id from subscription s where s.slow and "
            + READY + ":slow for no key update of s skip locked) "
            + "update subscription s set fence = s.fence + 1, lease_until = now() + make_interval(secs => :lease) "
            + "from (select id from slow union all select id from prompt limit :limit) claimed "
            + "where s.id = claimed.id returning s.*")
    Flux<SubscriptionRow> claim(long epoch, long seq, int limit, int slow, double lease);

    /** Deletes expired subscriptions. */
    @Modifying
    @Query("delete from subscription where expires_at <= now()")
    Mono<Long> deleteExpired();

    /** Extends a claim; returns 0 if it has ended. */
    @Modifying
    @Query("""
            update subscription set lease_until = now() + make_interval(secs => :lease)
            where id = :id and fence = :fence""")
    Mono<Long> renew(UUID id, long fence, double lease);

    /** Ends a claim without a result. */
    @Modifying
    @Query("update subscription set lease_until = null where id = :id and fence = :fence")
    Mono<Long> release(UUID id, long fence);

    /**
     * Moves the cursor after a success or over events that are not in the feed, and extends the claim.
     *
     * @param events count of delivered events; 0 if nothing was sent
     */
    @Query("""
            update subscription set epoch = :epoch, seq = :seq, delivered = delivered + :events,
                attempts = attempts + case when :events > 0 then 1 else 0 end,
                delivered_at = case when :events > 0 then now() else delivered_at end,
                failures = case when :events > 0 then 0 else failures end, refusals = 0,
                failing_since = case when :events > 0 then null else failing_since end,
                slow = case when :events > 0 then :slow else slow end,
                lease_until = now() + make_interval(secs => :lease)
            where id = :id and fence = :fence returning *""")
    Mono<SubscriptionRow> advance(UUID id, long fence, long epoch, long seq, int events, boolean slow, double lease);

    /** Records that the target has confirmed, and extends the claim. */
    @Query("""
            update subscription set state = 'active', verified = true, failures = 0, failing_since = null,
                attempts = attempts + 1, slow = false, lease_until = now() + make_interval(secs => :lease)
            where id = :id and fence = :fence returning *""")
    Mono<SubscriptionRow> confirm(UUID id, long fence, double lease);

    /**
     * Records a failed attempt, and ends the claim.
     *
     * @param refused whether the target refused the event
     * @param delay seconds until the next attempt
     * @param failing whether the subscription is failing from now on, if it was not before
     */
    @Query("""
            update subscription set failures = failures + 1, attempts = attempts + 1, slow = true,
                refusals = refusals + case when :refused then 1 else 0 end, last_error = :error, last_error_at = now(),
                due_at = now() + make_interval(secs => :delay), lease_until = null,
                failing_since = case when :failing then coalesce(failing_since, now()) else failing_since end
            where id = :id and fence = :fence returning *""")
    Mono<SubscriptionRow> fail(UUID id, long fence, String error, boolean refused, double delay, boolean failing);

    /** Records that the target is gone or did not confirm, and ends the claim. */
    @Query("""
            update subscription set state = 'ended', verified = false, attempts = attempts + 1, lease_until = null,
                last_error = :error, last_error_at = now()
            where id = :id and fence = :fence returning *""")
    Mono<SubscriptionRow> end(UUID id, long fence, String error);

    /**
     * Puts the next event on the list of rejected events, moves the cursor over it, and extends the claim.
     *
     * @param max maximum of the list; nothing happens once it is reached
     */
    @Query("""
            with moved as (
                update subscription s set seq = :seq, epoch = :epoch, failures = 0, refusals = 0, failing_since = null,
                    attempts = attempts + 1, last_error = :error, last_error_at = now(),
                    lease_until = now() + make_interval(secs => :lease)
                where id = :id and fence = :fence
                    and (select count(*) from rejected_event r where r.subscription = s.id) < :max
                returning *
            ), listed as (
                insert into rejected_event (subscription, epoch, seq, type, article, error)
                select id, :epoch, :seq, :type, :article, :error from moved
                on conflict do nothing
            )
            select * from moved""")
    Mono<SubscriptionRow> reject(
            UUID id, long fence, long epoch, long seq, String type, UUID article, String error, int max, double lease);
}
