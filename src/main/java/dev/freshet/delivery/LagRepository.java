package dev.freshet.delivery;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;

/** The distances of subscriptions from the end of the log. */
interface LagRepository extends Repository<SubscriptionLag, UUID> {

    @Query("""
            select s.id, case when s.epoch = c.epoch then c.seq - s.seq else 0 end as events,
                coalesce((select extract(epoch from now() - l.at) from feed_log l
                    where s.epoch = c.epoch and l.seq > s.seq order by l.seq limit 1), 0)::float8 as seconds,
                (select count(*) from rejected_event r where r.subscription = s.id) as rejected
            from subscription s cross join feed_clock c where s.id = any (:ids)""")
    Flux<SubscriptionLag> find(UUID[] ids);
}
