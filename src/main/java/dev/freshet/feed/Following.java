package dev.freshet.feed;

import dev.freshet.platform.problem.Problem;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tags, authors and sources that accounts follow. */
@Component
class Following {

    /** The maximum per account, since a page of the followed feed reads each. */
    private static final int MAX_FOLLOWED = 1000;

    private final FollowedNames names;
    private final TransactionalOperator transactions;

    Following(FollowedNames names, TransactionalOperator transactions) {
        this.names = names;
        this.transactions = transactions;
    }

    /** Returns everything that an account follows, newest first. */
    Flux<FollowedName> of(UUID account) {
        return names.findAll(account);
    }

    /** Follows a name, unless it is followed already. */
    Mono<Void> add(UUID account, FeedKind kind, String name) {
        // Locks the account, so that concurrent requests cannot exceed the maximum.
        var added = names.lock(account)
                .flatMap(id -> names.countOthers(account, kind.toString(), name))
                .filter(others -> others < MAX_FOLLOWED)
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because("An account follows " + MAX_FOLLOWED
                        + " tags, authors and sources at most. Unfollow one first.")))
                .flatMap(others -> names.add(account, kind.toString(), name));
        return transactions.transactional(added).then();
    }

    /** Stops following a name. */
    Mono<Void> remove(UUID account, FeedKind kind, String name) {
        return names.remove(account, kind.toString(), name).then();
    }
}
