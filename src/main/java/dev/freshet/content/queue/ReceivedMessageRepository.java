package dev.freshet.content.queue;

import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table of messages that were imported. */
interface ReceivedMessageRepository extends Repository<ReceivedMessage, String> {

    /** Returns those of these messages that were imported. */
    @Query("select queue, id from received_message where queue = :queue and id = any(:ids)")
    Flux<ReceivedMessage> find(String queue, String[] ids);

    /** Adds messages. */
    @Modifying
    @Query("""
            insert into received_message (queue, id) select :queue, i from unnest(:ids) i
            on conflict (queue, id) do nothing""")
    Mono<Long> add(String queue, String[] ids);

    /** Deletes the oldest messages above an age, at most {@code limit}, and returns their number. */
    @Modifying
    @Query("""
            delete from received_message where (queue, id) in (
                select queue, id from received_message
                where received_at < now() - make_interval(secs => :seconds)
                order by received_at limit :limit for update skip locked)""")
    Mono<Long> deleteOlderThan(double seconds, int limit);
}
