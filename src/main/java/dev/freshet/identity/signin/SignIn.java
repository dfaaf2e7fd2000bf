package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Passwords;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Authenticates accounts by password. */
@Component
public class SignIn {

    private static final int LONGEST = 300;

    private final Accounts accounts;
    private final Passwords passwords;
    private final SignInLimit limit;

    SignIn(Accounts accounts, Passwords passwords, SignInLimit limit) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.limit = limit;
    }

    /**
     * Returns the account with this name or e-mail address and this password. The check takes as long for an unknown
     * name.
     *
     * @return fails with the problem for the client
     */
    public Mono<Account> check(@Nullable String who, @Nullable String secret, ServerHttpRequest request) {
        var name = require("name", who);
        var password = require("password", secret);
        var address = ClientAddress.of(request.getRemoteAddress());
        limit.count(address, name);
        return accounts.findActiveByNameOrEmail(name)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .filterWhen(account -> passwords.check(account.map(Account::id).orElse(null), password))
                .flatMap(Mono::justOrEmpty)
                .switchIfEmpty(Mono.error(() -> Problem.UNAUTHORIZED.because("The name or the password is wrong.")))
                .doOnNext(account -> limit.succeeded(address, name));
    }

    public static String require(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw Problem.invalid(List.of(new Invalid(field, "is required")));
        }
        if (value.length() > LONGEST || value.indexOf('\0') >= 0) {
            throw Problem.invalid(
                    List.of(new Invalid(field, "must have at most " + LONGEST + " characters, none of them U+0000")));
        }
        return value;
    }
}
