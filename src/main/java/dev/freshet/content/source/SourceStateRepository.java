package dev.freshet.content.source;

import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;

/** The states of all sources. */
interface SourceStateRepository extends Repository<StateCount, String> {

    /** Counts the sources by state. */
    @Query("""
            select s.state, count(*) as count from (
                select case when state = 'active' and failing_since is not null then 'failing' else state end as state
                from polled_source) s
            group by s.state""")
    Flux<StateCount> count();
}
