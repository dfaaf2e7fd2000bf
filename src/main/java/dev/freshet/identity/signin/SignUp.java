package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountCreation;
import dev.freshet.platform.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Creates accounts for anonymous callers if the settings allow it. */
@Component
public class SignUp {

    private final AccountCreation accounts;
    private final SignUpSettings settings;

    SignUp(AccountCreation accounts, SignUpSettings settings) {
        this.accounts = accounts;
        this.settings = settings;
    }

    /** Returns whether anyone may create an account. */
    public boolean isOpen() {
        return settings.signUp();
    }

    /**
     * Creates the caller's account.
     *
     * @return the account; fails with the problem if sign-up is closed or a field is invalid
     */
    public Mono<Account> create(@Nullable String name, @Nullable String email, @Nullable String password) {
        if (!isOpen()) {
            throw Problem.FORBIDDEN.because("Sign-up is closed. Ask an admin for an account.");
        }
        return accounts.createWithPassword(name, email, settings.newcomers(), password);
    }
}
