package dev.freshet.identity.signin;

import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.credential.Secret;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Requests about passwords, as every API makes them. Results fail with the problem to report to the client. Addresses are
 * those of {@link dev.freshet.platform.http.ClientAddress}; password attempts are limited by them.
 */
@Component
public final class PasswordRequests {

    private final PasswordChange change;
    private final PasswordResetMails mails;
    private final PasswordReset reset;
    private final SignInLimit limit;

    PasswordRequests(PasswordChange change, PasswordResetMails mails, PasswordReset reset, SignInLimit limit) {
        this.change = change;
        this.mails = mails;
        this.reset = reset;
        this.limit = limit;
    }

    /**
     * Changes the password of the caller, who must have the scope {@code account}. Ends all other sessions of the account and
     * revokes its tokens.
     *
     * @param current null if the account has no password yet
     */
    public Mono<Void> change(Caller caller, @Nullable String current, @Nullable String password, String address) {
        return Mono.defer(() -> {
            var account = caller.account();
            var required = AccountFields.requirePassword(password, account);
            limit.count(address, account.name());
            return change.change(caller, current, required);
        });
    }

    /**
     * Mails a token if the account exists and has an e-mail address. The result is the same in every case.
     *
     * @param login name or e-mail address
     */
    public Mono<Void> requestReset(@Nullable String login, String address) {
        return Mono.fromRunnable(() -> {
            var required = AccountFields.require("name", login);
            limit.count(address, required);
            mails.request(required);
        });
    }

    /** Sets a new password with the token from the mail. Ends all sessions of the account and revokes its tokens. */
    public Mono<Void> reset(@Nullable String token, @Nullable String password) {
        return Mono.defer(() -> reset.reset(new Secret(AccountFields.require("token", token)), password));
    }
}
