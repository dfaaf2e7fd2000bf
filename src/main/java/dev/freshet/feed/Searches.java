package dev.freshet.feed;

import dev.freshet.platform.problem.Problem;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Checks searches before a stream waits for their matches. Uses {@code DatabaseClient}, since it reads no table. */
@Component
public final class Searches {

    private final DatabaseClient client;

    Searches(DatabaseClient client) {
        this.client = client;
    }

    /** Fails with a problem if a feed has a search that no article can match, since it has only stop words. */
    public Mono<Void> check(Feed feed) {
        if (feed.q() == null) {
            return Mono.empty();
        }
        return client.sql("select numnode(websearch_to_tsquery('english', :q)) as nodes")
                .bind("q", feed.q())
                .mapValue(Integer.class)
                .one()
                .filter(nodes -> nodes > 0)
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because(
                        "q has only words that are too common to search for. Add another word.")))
                .then();
    }
}
