package dev.freshet.log.tail;

import dev.freshet.testing.Freshet;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;
import java.util.Map;
import org.springframework.r2dbc.core.DatabaseClient;

class PostgresTailTests extends TailContract {

    @Override
    Freshet startInstance() {
        return Freshet.start(Map.of());
    }

    @Override
    Tail tail(Freshet of) {
        return new PostgresTail(of.bean("singleConnections", PostgresqlConnectionFactory.class), "another");
    }

    @Override
    void disconnect(Freshet of) {
        of.bean(DatabaseClient.class)
                .sql("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and query ilike 'listen %'""")
                .mapValue(Long.class)
                .one()
                .repeatWhen(times -> times.delayElements(Duration.ofMillis(20)))
                .takeUntil(count -> count > 0)
                .blockLast(Freshet.TIMEOUT);
    }

    @Override
    boolean copies() {
        return false;
    }
}
