package dev.freshet.delivery;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The events that targets refused. */
interface RejectedEventRepository extends Repository<RejectedEvent, UUID> {

    /** Returns the rejected events of a subscription, oldest first, from the first one after {@code after}. */
    @Query("""
            select epoch, seq, type, article, error, rejected_at from rejected_event
            where subscription = :id and (epoch, seq) > (:epoch, :after) order by epoch, seq limit :limit""")
    Flux<RejectedEvent> list(UUID id, long epoch, long after, int limit);

    /** Returns a rejected event. */
    @Query("""
            select epoch, seq, type, article, error, rejected_at from rejected_event
            where subscription = :id and epoch = :epoch and seq = :seq""")
    Mono<RejectedEvent> find(UUID id, long epoch, long seq);

    /** Removes a rejected event, and returns it. */
    @Query("""
            delete from rejected_event where subscription = :id and epoch = :epoch and seq = :seq
            returning epoch, seq, type, article, error, rejected_at""")
    Mono<RejectedEvent> remove(UUID id, long epoch, long seq);
}
