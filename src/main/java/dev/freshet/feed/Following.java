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

/** What accounts follow. */
@Component
class Following {

    /** A page of the followed feed looks at each. */
    private static final int MOST = 1000;

    /**
     * Something that is followed.
     *
     * @param name of the tag, author or source, which need not have an article yet
     */
    record Followed(FeedKind kind, String name, Instant since) {}

    private final DatabaseClient client;
    private final TransactionalOperator transactions;

    Following(DatabaseClient client, TransactionalOperator transactions) {
        this.client = client;
        this.transactions = transactions;
    }

    /** What an account follows, newest first. */
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

    /** Follows something, unless it is followed already. */
    Mono<Void> add(UUID account, FeedKind kind, String name) {
        // The account is locked, so that two at once can't be one too many.
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
                .filter(others -> others < MOST)
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because(
                        "An account follows " + MOST + " tags, authors and sources at most: leave one first.")))
                .flatMap(others -> client.sql("insert into following (account, kind, name)"
                                + " values (:account, :kind, :name) on conflict do nothing")
                        .bind("account", account)
                        .bind("kind", kind.toString())
                        .bind("name", name)
                        .then());
        return transactions.transactional(added);
    }

    /** Follows something no more. */
    Mono<Void> remove(UUID account, FeedKind kind, String name) {
        return client.sql("delete from following where account = :account and kind = :kind and name = :name")
                .bind("account", account)
                .bind("kind", kind.toString())
                .bind("name", name)
                .then();
    }
}
