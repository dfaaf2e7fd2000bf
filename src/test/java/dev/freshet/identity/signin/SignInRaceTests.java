package dev.freshet.identity.signin;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.AuthenticatedAccount;
import dev.freshet.identity.account.Passwords;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.testing.Freshet;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** Sign-ins whose account changes between the check of the password and the start of the session. */
class SignInRaceTests {

    private static final String OLD = "correct horse battery";
    private static final String NEW = "wrong horse battery";

    private final Freshet instance = Freshet.shared(Map.of());
    private final Passwords passwords = instance.bean(Passwords.class);
    private final Credentials credentials = instance.bean(Credentials.class);
    private final String name = "racer-" + UUID.randomUUID();
    private UUID account;

    @BeforeEach
    void createAccount() {
        // Otherwise the first token, which is created after the start, may belong to this account.
        get(instance.bean(FirstAccount.class).ensure());
        account = instance.account(name, Role.READER);
        setPassword(OLD);
    }

    @Test
    void oldPasswordStartsNoSession_afterAPasswordChange() {
        var checked = check(OLD);
        setPassword(NEW);
        get(credentials.revokeAll(account, null).thenReturn(true));
        assertRefused(checked);
        assertThat(get(begin(check(NEW)).thenReturn(true))).isTrue();
    }

    @Test
    void disabledAccountStartsNoSession() {
        var checked = check(OLD);
        get(instance.bean(Accounts.class).change(account, Role.READER.toString(), null, true));
        get(credentials.revokeAll(account, null).thenReturn(true));
        assertRefused(checked);
        assertRefused(AuthenticatedAccount.withoutPassword(checked.account()));
    }

    private void assertRefused(AuthenticatedAccount checked) {
        assertThat(problem(issue(checked))).isEqualTo(Problem.UNAUTHORIZED);
        assertThat(problem(begin(checked))).isEqualTo(Problem.UNAUTHORIZED);
        assertThat(get(credentials.of(account, CredentialType.values()).count()))
                .isZero();
    }

    private Mono<Credentials.Issued> issue(AuthenticatedAccount checked) {
        return credentials.issueSession(checked, CredentialType.SESSION, "", Set.of(), Duration.ofHours(1));
    }

    private Mono<Void> begin(AuthenticatedAccount checked) {
        return instance.bean(BrowserSessions.class)
                .begin(checked, MockServerWebExchange.from(MockServerHttpRequest.post("/sign-in")));
    }

    private AuthenticatedAccount check(String password) {
        return get(instance.bean(SignIn.class).check(name, password, "127.0.0.1"));
    }

    private void setPassword(String password) {
        get(passwords
                .hash(password)
                .flatMap(hash -> passwords.set(account, hash))
                .thenReturn(true));
    }

    private static Problem problem(Mono<?> result) {
        return get(result.materialize()).getThrowable() instanceof ProblemException error
                ? error.problem()
                : Problem.INTERNAL;
    }
}
