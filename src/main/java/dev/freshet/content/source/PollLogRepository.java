package dev.freshet.content.source;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;

/** The last polls of sources. */
interface PollLogRepository extends Repository<PollRow, UUID> {

    /** The count of polls that a source keeps. */
    int KEPT_POLLS = 50;

    /** Returns the last polls of a source, newest first. */
    @Query("""
            select source, at, status, created, updated, unchanged, rejected, repaired, millis, reason from poll
            where source = :id order by at desc limit :limit""")
    Flux<PollRow> list(UUID id, int limit);
}
