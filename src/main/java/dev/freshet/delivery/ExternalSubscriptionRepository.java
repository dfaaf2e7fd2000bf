package dev.freshet.delivery;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/** Subscriptions without an account. */
interface ExternalSubscriptionRepository extends Repository<SubscriptionRow, UUID> {

    /**
     * Adds a subscription at the end of the log, or renews the one of this id. One that has ended begins again.
     *
     * @param lease seconds until it ends
     * @param max maximum of subscriptions without an account
     */
    @Query("""
            insert into subscription as s (id, name, feed, type, target, secrets, content, batch, state, verified,
                epoch, seq, expires_at)
            select cast(:id as uuid), :type, :feed, :type, :target, cast(:secrets as text), false, :batch, 'active',
                true, c.epoch, c.seq, now() + make_interval(secs => :lease)
            from feed_clock c where exists (select from subscription where id = :id)
                or (select count(*) from subscription where account is null) < :max
            on conflict (id) do update set target = excluded.target, secrets = excluded.secrets,
                expires_at = excluded.expires_at, state = 'active', verified = true, due_at = now(), failures = 0,
                failing_since = null,
                epoch = case when s.state = 'ended' then excluded.epoch else s.epoch end,
                seq = case when s.state = 'ended' then excluded.seq else s.seq end
            returning *""")
    Mono<SubscriptionRow> put(
            UUID id,
            String feed,
            String type,
            String target,
            @Nullable String secrets,
            int batch,
            double lease,
            int max);

    @Modifying
    @Query("delete from subscription where id = :id and account is null")
    Mono<Long> remove(UUID id);
}
