package dev.freshet.feed;

import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tags, authors and sources that accounts follow. */
@Component
class Following {

    /** The maximum per account, since a page of the followed feed reads each. */
    private static final int MAX_FOLLOWED = 1000;

    /**
     * A followed tag, author or source.
     *
     * @param name the tag, author or source, which need not have an article yet
     */
    record Followed(FeedKind kind, String name, Instant since) {}

    private final DatabaseClient client;
    private final TransactionalOperator transactions;

    Following(DatabaseClient client, TransactionalOperator transactions) {
        this.client = client;
        this.transactions = transactions;
    }

    /** Returns everything that an account follows, newest first. */
    Flux<Followed> of(UUID account) {
        return client.sql("select kind, name, since from following where account = :account"
                        + " order by since desc, kind, name")
                .bind("account", account)
                .map(row -> new Followed(
                        Objects.requireNonNull(FeedKind.of(Objects.requireNonNull(row.get("kind", String.class)))),
                        Objects.requireNonNull(row.get("name", String.class)),
                        Objects.requireNonNull(row.get("since", Instant.class))))
                .all();
    }

    /** Follows a name, unless it is followed already. */
    Mono<Void> add(UUID account, FeedKind kind, String name) {
        // Locks the account, so that concurrent requests cannot exceed the maximum.
        var added = client.sql("select id from account where id = :account for no key update")
                .bind("account", account)
                .mapValue(UUID.class)
                .one()
                .flatMap(id -> client.sql("select count(*) from following where account = :account"
                                + " and (kind, name) <> (:kind, :name)")
                        .bind("account", account)
                        .bind("kind", kind.toString())
                        .bind("name", name)
                        .mapValue(Long.class)
                        .one())
                .filter(others -> others < MAX_FOLLOWED)
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because("An account follows " + MAX_FOLLOWED
                        + " tags, authors and sources at most. Unfollow one first.")))
                .flatMap(others -> client.sql("insert into following (account, kind, name)"
                                + " values (:account, :kind, :name) on conflict do nothing")
                        .bind("account", account)
                        .bind("kind", kind.toString())
                        .bind("name", name)
                        .then());
        return transactions.transactional(added);
    }

    /** Stops following a name. */
    Mono<Void> remove(UUID account, FeedKind kind, String name) {
        return client.sql("delete from following where account = :account and kind = :kind and name = :name")
                .bind("account", account)
                .bind("kind", kind.toString())
                .bind("name", name)
                .then();
    }
}
