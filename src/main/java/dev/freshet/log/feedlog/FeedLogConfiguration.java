package dev.freshet.log.feedlog;

import dev.freshet.platform.Periodic;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Creates the log with its connections: the main pool to append, a separate pool to read; and its pruning. */
@Configuration(proxyBeanMethods = false)
class FeedLogConfiguration {

    @Bean
    FeedLog feedLog(
            DatabaseClient client,
            ConnectionFactory connections,
            @Qualifier("logReads") ConnectionFactory logReads,
            JsonMapper json,
            List<CommitListener> listeners) {
        var instance = UUID.randomUUID();
        var appender = new LogAppender(connections, json, instance, listeners);
        return new FeedLog(client, DatabaseClient.create(logReads), appender, instance);
    }

    @Bean
    FeedLogEndpoint feedLogEndpoint(FeedLog feedLog) {
        return new FeedLogEndpoint(feedLog);
    }

    /** Deletes old events; null if all are kept. */
    @Bean
    @Nullable
    Periodic logPruning(FeedLog feedLog, FeedLogSettings settings) {
        var retention = settings.retention();
        return retention == null
                ? null
                : new Periodic(
                        "Pruning the feed log",
                        settings.pruning(),
                        Mono.defer(() -> feedLog.prune(Instant.now().minus(retention)))
                                .then());
    }
}
