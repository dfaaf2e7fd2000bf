package dev.freshet.feed;

import dev.freshet.platform.NameKey;
import dev.freshet.platform.problem.Problem;
import java.util.UUID;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The tags, authors and sources that accounts follow, or those that they mute.
 *
 * @param <T> a name in the list
 */
public final class NameList<T extends ListedName> {

    /** The maximum per account, since a page of the followed feed reads each. */
    private static final int MAX_NAMES = 1000;

    private static final int MAX_NAME_LENGTH = 500;

    private final NameRepository<T> repository;
    private final TransactionalOperator transactions;
    private final String limitReached;

    /** @param limitReached the detail of the problem that the list is full, with the maximum in its format */
    NameList(NameRepository<T> repository, TransactionalOperator transactions, String limitReached) {
        this.repository = repository;
        this.transactions = transactions;
        this.limitReached = limitReached.formatted(MAX_NAMES);
    }

    /** Returns the list of an account, newest first. */
    public Flux<T> of(UUID account) {
        return repository.findAll(account);
    }

    /** Adds a name, unless the list has it. Fails with a problem if the name is empty or too long. */
    public Mono<Void> add(UUID account, FeedKind kind, String added) {
        var name = name(added);
        // Locks the account, so that concurrent requests cannot exceed the maximum.
        var done = repository
                .lock(account)
                .flatMap(id -> repository.countOthers(account, kind.toString(), NameKey.of(name)))
                .filter(others -> others < MAX_NAMES)
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because(limitReached)))
                .flatMap(others -> repository.add(account, kind.toString(), name));
        return transactions.transactional(done).then();
    }

    /** Removes a name. */
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
