package dev.freshet.feed;

import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Secret;
import dev.freshet.platform.NameKey;
import dev.freshet.platform.problem.Problem;
import dev.freshet.search.SearchQuery;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The searches that are part of the followed feeds of accounts. Each may have a secret address, by which feed readers read it
 * without a token. Results fail with the problem to report to the client.
 */
@Component
public final class SavedSearches {

    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_QUERY_LENGTH = 500;

    private final SavedSearchRepository repository;
    private final TransactionalOperator transactions;
    private final FeedSettings settings;

    SavedSearches(SavedSearchRepository repository, TransactionalOperator transactions, FeedSettings settings) {
        this.repository = repository;
        this.transactions = transactions;
        this.settings = settings;
    }

    /** Returns the searches of an account by name. */
    public Flux<SavedSearch> of(UUID account) {
        return repository.findAll(new UUID[] {account});
    }

    /** Returns a search of an account. */
    public Mono<SavedSearch> find(UUID account, String name) {
        return repository.find(account, NameKey.of(name.strip())).switchIfEmpty(absent());
    }

    /** Saves a search, or replaces the query of the one with this name. */
    public Mono<Void> save(UUID account, String name, @Nullable String q) {
        return Mono.defer(() -> {
            var saved = name(name);
            var query = query(q);
            // Locks the account, so that concurrent requests cannot exceed the maximum.
            var done = repository
                    .lock(account)
                    .flatMap(id -> repository.countOthers(account, NameKey.of(saved)))
                    .filter(others -> others < settings.maxSavedSearches())
                    .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because("An account saves "
                            + settings.maxSavedSearches() + " searches at most. Delete one first.")))
                    .flatMap(others -> repository.save(
                            account, saved, query, SearchQuery.parse(query).query()));
            return transactions.transactional(done).then();
        });
    }

    /** Deletes a search with its address. */
    public Mono<Void> remove(UUID account, String name) {
        return repository.remove(account, NameKey.of(name.strip())).then();
    }

    /** Gives a search a new secret address. The former one is invalid from now on. */
    public Mono<SearchAddress> renewAddress(UUID account, String name) {
        return Mono.defer(() -> {
            var secret = Secret.create(CredentialType.FEED);
            return repository
                    .setAddress(account, NameKey.of(name.strip()), secret.digest())
                    .filter(changed -> changed > 0)
                    .switchIfEmpty(absent())
                    .thenReturn(SearchAddress.of(secret));
        });
    }

    /** Makes the secret address of a search invalid. */
    public Mono<Void> removeAddress(UUID account, String name) {
        return repository
                .removeAddress(account, NameKey.of(name.strip()))
                .filter(changed -> changed > 0)
                .switchIfEmpty(absent())
                .then();
    }

    /** Returns the search of a secret address. */
    public Mono<SavedSearch> at(Secret address) {
        return repository
                .findByAddress(address.digest())
                .switchIfEmpty(Mono.error(
                        () -> Problem.NOT_FOUND.because("No search has this address. Its owner may have renewed it.")));
    }

    private static <T> Mono<T> absent() {
        return Mono.error(() -> Problem.SEARCH_NOT_FOUND.because("Your account has no saved search of this name."));
    }

    private static String name(String name) {
        var stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME_LENGTH || stripped.indexOf('\0') >= 0) {
            throw Problem.INVALID_REQUEST.because("The name of a search has 1 to " + MAX_NAME_LENGTH + " characters.");
        }
        return stripped;
    }

    private static String query(@Nullable String q) {
        if (q == null || q.isBlank() || q.length() > MAX_QUERY_LENGTH || q.indexOf('\0') >= 0) {
            throw Problem.INVALID_REQUEST.because("q has 1 to " + MAX_QUERY_LENGTH + " characters.");
        }
        return q.strip();
    }
}
