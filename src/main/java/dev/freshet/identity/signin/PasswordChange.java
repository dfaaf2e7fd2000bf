package dev.freshet.identity.signin;

import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.ExternalIdentities;
import dev.freshet.identity.account.Passwords;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Changes the password of the caller's account. */
@Component
class PasswordChange {

    private final Passwords passwords;
    private final ExternalIdentities identities;
    private final Credentials credentials;
    private final TransactionalOperator transactions;

    PasswordChange(
            Passwords passwords,
            ExternalIdentities identities,
            Credentials credentials,
            TransactionalOperator transactions) {
        this.passwords = passwords;
        this.identities = identities;
        this.credentials = credentials;
        this.transactions = transactions;
    }

    /**
     * Sets a new password and revokes all of the account's credentials except the one of this request.
     *
     * @param current ignored if the account has no password yet, as with an account that was created with a token only
     */
    Mono<Void> change(Caller caller, @Nullable String current, String password) {
        var account = caller.id();
        return passwords
                .exists(account)
                .flatMap(exists -> exists ? requireCurrent(account, current) : requireNoProvider(account))
                .then(Mono.defer(() -> passwords.hash(password)))
                .flatMap(hash -> credentials
                        .requireUnrevoked(caller)
                        .then(Mono.defer(() -> passwords.set(account, hash)))
                        .then(Mono.defer(() -> credentials.revokeAll(account, caller.credential())))
                        .as(transactions::transactional));
    }

    private Mono<Void> requireCurrent(UUID account, @Nullable String current) {
        return passwords
                .check(account, AccountFields.require("current", current))
                .switchIfEmpty(Mono.error(
                        () -> Problem.invalid(List.of(new Invalid("current", "is not your current password")))))
                .then();
    }

    /** With a password, users could sign in after their provider has locked them out. */
    private Mono<Void> requireNoProvider(UUID account) {
        return identities
                .existsByAccount(account)
                .filter(exists -> !exists)
                .switchIfEmpty(Mono.error(() -> Problem.FORBIDDEN.because(
                        "Your account signs in with an external provider and cannot have a password.")))
                .then();
    }
}
