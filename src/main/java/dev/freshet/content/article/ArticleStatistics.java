package dev.freshet.content.article;

import io.r2dbc.spi.ConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * PostgreSQL's statistics of articles, by which pages of searches are read the shorter way. Autovacuum renews them
 * a minute or more after a large import. Uses {@code DatabaseClient}, since it runs a command.
 */
@Component
public final class ArticleStatistics {

    private static final Logger log = LoggerFactory.getLogger(ArticleStatistics.class);
    private static final int MIN_CHANGES = 200;

    private final DatabaseClient client;

    ArticleStatistics(@Qualifier("longStatements") ConnectionFactory connections) {
        this.client = DatabaseClient.create(connections);
    }

    /**
     * Renews the statistics if an import changed a tenth of the articles, for some seconds. A failure is only logged.
     *
     * @param changes the number of articles that the import created or changed
     */
    public Mono<Void> renewAfter(long changes) {
        if (changes < MIN_CHANGES) {
            return Mono.empty();
        }
        return client.sql("select reltuples <= 10 * :changes from pg_class where oid = 'article'::regclass")
                .bind("changes", changes)
                .mapValue(Boolean.class)
                .one()
                .filter(isLarge -> isLarge)
                .flatMap(isLarge -> client.sql("analyze article, article_tag, author, source")
                        .then()
                        .doOnSuccess(done -> log.info("Renewed the statistics of articles after an import")))
                .onErrorResume(failure -> {
                    log.warn("Failed to renew the statistics of articles after an import", failure);
                    return Mono.empty();
                });
    }
}
