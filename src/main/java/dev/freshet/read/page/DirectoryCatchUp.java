package dev.freshet.read.page;

import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Brings the directory of feeds up to date where that takes long: it counts all articles, or many events of the feed log.
 * Each step is a transaction, so that a later run continues after the last one. Instances wait for each other's steps.
 * Uses {@code DatabaseClient}, since a database function does it.
 */
@Component
class DirectoryCatchUp implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(DirectoryCatchUp.class);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

    private final Sinks.Empty<Void> stopped = Sinks.empty();
    private final Mono<Void> run;

    DirectoryCatchUp(@Qualifier("longStatements") ConnectionFactory connections) {
        var step = DatabaseClient.create(connections)
                .sql("select feed_directory_catch_up()")
                .mapValue(Boolean.class)
                .one();
        run = step.repeat()
                .takeUntil(more -> !more)
                .takeUntilOther(stopped.asMono())
                .then()
                .doOnError(failure -> log.warn("Failed to count the directory of feeds", failure))
                // Shared while it runs. A failure is reported until the next try.
                .cache(done -> Duration.ZERO, failure -> RETRY_INTERVAL, () -> Duration.ZERO);
    }

    /**
     * Starts a run, or joins the one in progress. It continues when the subscriber cancels.
     *
     * @return completes when the directory is up to date; fails if a step failed less than ten seconds ago
     */
    Mono<Void> run() {
        return run;
    }

    @Override
    public void destroy() {
        stopped.tryEmitEmpty();
    }
}
