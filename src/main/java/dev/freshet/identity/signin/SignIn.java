package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.AuthenticatedAccount;
import dev.freshet.identity.account.Passwords;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.problem.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Authenticates users by password. */
@Component
public class SignIn {

    private final Accounts accounts;
    private final Passwords passwords;
    private final SignInLimit limit;

    SignIn(Accounts accounts, Passwords passwords, SignInLimit limit) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.limit = limit;
    }

    /**
     * Returns the account that has this login and this password. An unknown login takes as long as a wrong password.
     *
     * @param login name or e-mail address
     * @param address the address of {@link ClientAddress}, by which attempts are limited
     * @return the account; fails with the problem to return to the client
     */
    public Mono<AuthenticatedAccount> check(@Nullable String login, @Nullable String password, String address) {
        var requiredLogin = AccountFields.require("name", login);
        var requiredPassword = AccountFields.require("password", password);
        limit.count(address, requiredLogin);
        return accounts.findActiveByNameOrEmail(requiredLogin)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(found -> passwords
                        .check(found.map(Account::id).orElse(null), requiredPassword)
                        .flatMap(changedAt ->
                                Mono.justOrEmpty(found.map(account -> new AuthenticatedAccount(account, changedAt)))))
                .switchIfEmpty(Mono.error(() -> Problem.UNAUTHORIZED.because("The name or the password is wrong.")))
                .doOnNext(account -> limit.reset(address, requiredLogin));
    }
}
