package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Passwords;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.credential.Secret;
import dev.freshet.platform.problem.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Sets a new password with a token that was mailed. */
@Component
class PasswordReset {

    private final Accounts accounts;
    private final Passwords passwords;
    private final Credentials credentials;
    private final TransactionalOperator transactions;

    PasswordReset(Accounts accounts, Passwords passwords, Credentials credentials, TransactionalOperator transactions) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.credentials = credentials;
        this.transactions = transactions;
    }

    /** Sets the password of the token's account and revokes all of its credentials, including this token. */
    Mono<Void> reset(Secret token, @Nullable String password) {
        return account(token)
                .flatMap(account -> passwords
                        .hash(AccountFields.requirePassword(password, account))
                        .flatMap(hash -> set(account.id(), token, hash)));
    }

    /**
     * Locks the account before its credentials, as all changes of accounts do. Checks the token again, because another
     * request can use it during the hashing.
     */
    private Mono<Void> set(UUID id, Secret token, String hash) {
        return accounts.lockActive(id)
                .then(Mono.defer(() -> account(token)))
                .flatMap(account -> passwords
                        .set(account.id(), hash)
                        .then(Mono.defer(() -> credentials.revokeAll(account.id(), null))))
                .as(transactions::transactional);
    }

    private Mono<Account> account(Secret token) {
        return credentials
                .use(token, CredentialType.RESET)
                .flatMap(credential -> accounts.findActive(credential.account()))
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because(
                        "The token is invalid, expired or already used. Request a new one.")));
    }
}
