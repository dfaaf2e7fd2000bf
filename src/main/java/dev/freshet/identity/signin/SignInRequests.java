package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.AuthSettings;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.credential.Secret;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.platform.problem.Problem;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Sign-in with a password, refresh, and sign-out, as every API requests them. Results fail with the problem to report to the
 * client.
 */
@Component
public final class SignInRequests {

    private final Accounts accounts;
    private final SignIn signIn;
    private final Credentials credentials;
    private final Tokens tokens;
    private final AuthSettings settings;

    SignInRequests(Accounts accounts, SignIn signIn, Credentials credentials, Tokens tokens, AuthSettings settings) {
        this.accounts = accounts;
        this.signIn = signIn;
        this.credentials = credentials;
        this.tokens = tokens;
        this.settings = settings;
    }

    /**
     * The tokens of a session.
     *
     * @param expiresIn lifetime of the access token in seconds
     * @param refreshToken can be used once, to get new tokens
     * @param scope the scopes of the access token, separated by spaces
     */
    public record Session(String accessToken, String tokenType, long expiresIn, String refreshToken, String scope) {}

    /**
     * Starts a session.
     *
     * @param name name or e-mail address
     * @param address the address of {@link dev.freshet.platform.http.ClientAddress}, by which password attempts are limited
     * @param agent the header User-Agent; null if absent
     */
    public Mono<Session> signIn(
            @Nullable String name, @Nullable String password, String address, @Nullable String agent) {
        return Mono.defer(() -> signIn.check(name, password, address))
                .flatMap(authenticated -> credentials
                        .issueSession(
                                authenticated,
                                CredentialType.SESSION,
                                UserAgent.of(agent),
                                Set.of(),
                                settings.sessionLifetime())
                        .flatMap(issued -> session(authenticated.account(), issued)));
    }

    /** Renews the tokens of a session. Each refresh token can be used once; reusing one ends the session. */
    public Mono<Session> refresh(@Nullable String refreshToken) {
        return Mono.defer(() -> credentials.renew(
                        new Secret(AccountFields.require("refreshToken", refreshToken)), settings.sessionLifetime()))
                .flatMap(issued ->
                        accounts.findActive(issued.credential().account()).flatMap(account -> session(account, issued)))
                .switchIfEmpty(Mono.error(() -> Problem.UNAUTHORIZED.because(
                        "The refresh token is invalid, expired, revoked or already used. Sign in again.")));
    }

    /** Revokes the credential of a request, at every instance within seconds. */
    public Mono<Void> signOut(Caller caller) {
        return credentials.revoke(caller);
    }

    private Mono<Session> session(Account account, Credentials.Issued issued) {
        var scopes = Scope.of(account.role());
        return tokens.issue(
                        account.id(),
                        scopes,
                        settings.accessLifetime(),
                        issued.credential().id())
                .map(token -> new Session(
                        token,
                        "Bearer",
                        settings.accessLifetime().toSeconds(),
                        issued.secret().text(),
                        Tokens.text(scopes)));
    }
}
