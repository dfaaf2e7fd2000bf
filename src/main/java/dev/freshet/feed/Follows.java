package dev.freshet.feed;

import dev.freshet.platform.NameKey;
import dev.freshet.platform.problem.Problem;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tags, authors and sources that accounts follow. */
@Component
public final class Follows {

    /** The maximum per account, since a page of the followed feed reads each. */
    private static final int MAX_FOLLOWS = 1000;

    private static final int MAX_NAME_LENGTH = 500;

    private final FollowRepository repository;
    private final TransactionalOperator transactions;

    Follows(FollowRepository repository, TransactionalOperator transactions) {
        this.repository = repository;
        this.transactions = transactions;
    }

    /** Returns everything that an account follows, newest first. */
    public Flux<Follow> of(UUID account) {
        return repository.findAll(account);
    }

    /** Follows a name, unless it is followed already. Fails with a problem if the name is empty or too long. */
    public Mono<Void> add(UUID account, FeedKind kind, String followed) {
        var name = name(followed);
        // Locks the account, so that concurrent requests cannot exceed the maximum.
        var added = repository
                .lock(account)
                .flatMap(id -> repository.countOthers(account, kind.toString(), NameKey.of(name)))
                .filter(others -> others < MAX_FOLLOWS)
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because("An account follows " + MAX_FOLLOWS
                        + " tags, authors and sources at most. Unfollow one first.")))
                .flatMap(others -> repository.add(account, kind.toString(), name));
        return transactions.transactional(added).then();
    }

    /** Stops following a name. */
    public Mono<Void> remove(UUID account, FeedKind kind, String name) {
        return repository
                .remove(account, kind.toString(), NameKey.of(name(name)))
                .then();
    }

    private static String name(String name) {
        var stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME_LENGTH || stripped.indexOf('\0') >= 0) {
            throw Problem.INVALID_REQUEST.because("A name has 1 to " + MAX_NAME_LENGTH + " characters.");
        }
        return stripped;
    }
}
