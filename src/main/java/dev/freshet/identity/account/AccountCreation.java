package dev.freshet.identity.account;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.ArrayList;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Creates accounts with or without a password. */
@Component
public class AccountCreation {

    private final Accounts accounts;
    private final Passwords passwords;
    private final TransactionalOperator transactions;

    AccountCreation(Accounts accounts, Passwords passwords, TransactionalOperator transactions) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.transactions = transactions;
    }

    /**
     * Creates an account whose password can be null. Its owner can set one later, by a password reset.
     *
     * @return the account; fails with the problem if a field is invalid, or if the name, one that looks like it, or the e-mail address is taken
     */
    public Mono<Account> create(@Nullable String name, @Nullable String email, Role role, @Nullable String password) {
        return create(name, email, role, password, password != null);
    }

    /**
     * Creates an account with a password.
     *
     * @return the account; fails with the problem if a field is invalid, or if the name, one that looks like it, or the e-mail address is taken
     */
    public Mono<Account> createWithPassword(
            @Nullable String name, @Nullable String email, Role role, @Nullable String password) {
        return create(name, email, role, password, true);
    }

    private Mono<Account> create(
            @Nullable String unstripped,
            @Nullable String email,
            Role role,
            @Nullable String password,
            boolean checksPassword) {
        var name = unstripped == null ? "" : unstripped.strip();
        var errors = new ArrayList<Invalid>();
        AccountFields.checkName(name).ifPresent(errors::add);
        if (email != null) {
            AccountFields.checkEmail(email).ifPresent(errors::add);
        }
        if (checksPassword) {
            AccountFields.checkPassword(password, name).ifPresent(errors::add);
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return password == null
                ? insert(name, email, role, null)
                : passwords.hash(password).flatMap(hash -> insert(name, email, role, hash));
    }

    private Mono<Account> insert(String name, @Nullable String email, Role role, @Nullable String passwordHash) {
        var id = UUID.randomUUID();
        return accounts.create(id, name, email, role.toString())
                .filter(rows -> rows == 1)
                .switchIfEmpty(Mono.error(() -> Problem.ACCOUNT_EXISTS.because(
                        "An account with this name, one that looks like it, or this e-mail address"
                                + " already exists.")))
                .then(passwordHash == null ? Mono.<Void>empty() : Mono.defer(() -> passwords.set(id, passwordHash)))
                .then(Mono.defer(() -> accounts.findActive(id)))
                .as(transactions::transactional);
    }
}
