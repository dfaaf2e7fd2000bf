package dev.freshet.identity.admin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.ActiveAccounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Changes and closes accounts, each in one transaction. At least one active admin remains. */
@Component
class AccountAdministration {

    private final Accounts accounts;
    private final ActiveAccounts active;
    private final Credentials credentials;
    private final TransactionalOperator transactions;

    AccountAdministration(
            Accounts accounts, ActiveAccounts active, Credentials credentials, TransactionalOperator transactions) {
        this.accounts = accounts;
        this.active = active;
        this.credentials = credentials;
        this.transactions = transactions;
    }

    /**
     * A change of an account. Null leaves a field as it is.
     *
     * @param email empty to remove the address
     */
    record Change(
            @Nullable Role role,
            @Nullable String email,
            @Nullable Boolean disabled) {

        Account apply(Account account) {
            return new Account(
                    account.id(),
                    account.name(),
                    email == null ? account.email() : email.isEmpty() ? null : email,
                    role == null ? account.role() : role,
                    account.createdAt(),
                    disabled == null ? account.disabledAt() : disabled ? Instant.now() : null);
        }
    }

    /** Returns an active or disabled account; fails with {@link Problem#ACCOUNT_NOT_FOUND} if none has this id. */
    Mono<Account> read(UUID id) {
        return accounts.findActiveOrDisabled(id)
                .switchIfEmpty(Mono.error(() -> Problem.ACCOUNT_NOT_FOUND.because("No account has this id.")));
    }

    /** Changes an account, revokes the credentials that the change makes obsolete, and returns the changed account. */
    Mono<Account> change(UUID id, Change change) {
        return accounts.lockAdmins()
                .flatMap(admins -> read(id).flatMap(before -> {
                    var after = change.apply(before);
                    requireRemainingAdmin(admins, before, after);
                    return update(after).then(Mono.defer(() -> revokeObsolete(before, after)));
                }))
                .then(Mono.defer(() -> read(id)))
                .as(transactions::transactional)
                .doOnTerminate(() -> active.forget(id));
    }

    private Mono<Long> update(Account account) {
        return accounts.change(account.id(), account.role().toString(), account.email(), account.isDisabled())
                .onErrorMap(
                        DuplicateKeyException.class,
                        taken -> Problem.ACCOUNT_EXISTS.because("Another account has this e-mail address."));
    }

    private Mono<Void> revokeObsolete(Account before, Account after) {
        if (before.isDisabled() || after.isDisabled()) {
            return credentials.revokeAll(after.id(), null);
        }
        // A token that was mailed to the old address must not set the password any more.
        return Objects.equals(before.email(), after.email())
                ? Mono.empty()
                : credentials.revokeAllOf(after.id(), CredentialType.RESET);
    }

    /** Closes an account and revokes its credentials. */
    Mono<Void> close(UUID id) {
        return accounts.lockAdmins()
                .flatMap(admins -> read(id).doOnNext(account -> requireRemainingAdmin(admins, account, null)))
                .then(Mono.defer(() -> credentials.revokeAll(id, null)))
                .then(Mono.defer(() -> accounts.close(id)))
                .as(transactions::transactional)
                .doOnTerminate(() -> active.forget(id))
                .then();
    }

    /**
     * Throws {@link Problem#LAST_ADMIN} if a change removes the last active admin.
     *
     * @param admins the number of active admins before the change
     * @param after null if the account is closed
     */
    private static void requireRemainingAdmin(long admins, Account before, @Nullable Account after) {
        if (before.isLastAdmin(admins) && (after == null || !after.isActiveAdmin())) {
            throw Problem.LAST_ADMIN.because("At least one active admin must remain.");
        }
    }
}
