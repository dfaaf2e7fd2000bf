package dev.freshet.content.source;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The statements about subscriptions at hubs on the table of sources. */
interface HubRepository extends Repository<HubRow, UUID> {

    /**
     * Begins or renews a subscription; empty if it lasts long enough, or was requested a short time ago.
     *
     * @param secret the key of a new subscription
     * @param seconds the time for which it has to last
     */
    @Query("""
            update polled_source s set hub = :hub, topic = :topic, hub_requested_at = now(), hub_error = null,
                hub_secret = case when s.hub = :hub and s.topic = :topic then s.hub_secret else :secret end,
                hub_until = case when s.hub = :hub and s.topic = :topic then s.hub_until end
            where id = :id and state = 'active' and (hub is distinct from :hub or topic is distinct from :topic
                or (coalesce(hub_until, '-infinity') < now() + make_interval(secs => :seconds)
                    and hub_requested_at < now() - interval '10 minutes'))
            returning id, state, hub, topic, hub_secret""")
    Mono<HubRow> request(UUID id, String hub, String topic, String secret, double seconds);

    @Query("select id, state, hub, topic, hub_secret from polled_source where id = :id")
    Mono<HubRow> find(UUID id);

    /**
     * Records that the hub has confirmed.
     *
     * @param lease seconds for which the subscription lasts
     */
    @Modifying
    @Query(
            "update polled_source set hub_until = now() + make_interval(secs => :lease), hub_error = null where id = :id")
    Mono<Long> confirm(UUID id, double lease);

    /** Records that the hub refuses the subscription. */
    @Modifying
    @Query("update polled_source set hub_until = null, hub_error = :error where id = :id")
    Mono<Long> refuse(UUID id, String error);

    /**
     * Makes a source due, since its hub reported a change, and its host too.
     *
     * @param pause minimum seconds since the last poll
     */
    @Query("""
            with pinged as (
                update polled_source s set pinged_at = now(),
                    due_at = least(due_at, greatest(now(), coalesce(polled_at, '-infinity')
                        + make_interval(secs => :pause)))
                where id = :id and state = 'active' returning s.*
            ), woken as (
                update polled_host h set wakes = wakes + 1,
                    due_at = least(h.due_at, greatest(p.due_at, coalesce(h.lease_until, p.due_at)))
                from pinged p where h.host = p.host
            )
            select id, state, hub, topic, hub_secret from pinged""")
    Flux<HubRow> ping(UUID id, double pause);
}
