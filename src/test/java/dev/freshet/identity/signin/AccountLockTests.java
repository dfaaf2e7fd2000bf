package dev.freshet.identity.signin;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Passwords;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.TableLock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Concurrent changes of one account lock its rows in one order, so that none is refused because of a deadlock. */
class AccountLockTests {

    private static final String PASSWORD = "correct horse battery";

    private final Freshet instance = Freshet.shared(Map.of());
    private final Credentials credentials = instance.bean(Credentials.class);
    private UUID account;

    @BeforeEach
    void prepare() {
        // Otherwise the first token, which is created after the start, may belong to this account.
        get(instance.bean(FirstAccount.class).ensure());
        account = instance.account("locked-" + UUID.randomUUID(), Role.READER);
        get(instance.bean(Passwords.class)
                .hash(PASSWORD)
                .flatMap(hash -> instance.bean(Passwords.class).set(account, hash))
                .thenReturn(true));
    }

    @Test
    void passwordResetAndChangeByAnAdminSucceed() {
        var token = get(credentials.issue(account, CredentialType.RESET, "", Set.of(), Duration.ofHours(1)))
                .secret()
                .text();
        var admin = instance.token(Role.ADMIN);
        // The reset holds what it has locked so far until it can set the password.
        try (var lock = TableLock.by(instance, "select from password where account = '" + account + "' for update")) {
            var reset = instance.send(
                            HttpMethod.PUT,
                            "/api/v1/password-resets",
                            "{\"token\": \"%s\", \"password\": \"another horse battery\"}".formatted(token))
                    .toFuture();
            awaitBlocked(lock, 1);
            var change = instance.send(
                            HttpMethod.PATCH,
                            "/api/v1/accounts/" + account,
                            "{\"email\": \"%s@example.org\"}".formatted(account),
                            HttpHeaders.AUTHORIZATION,
                            "Bearer " + admin)
                    .toFuture();
            awaitBlocked(lock, 2);
            lock.release();
            assertThat(get(Mono.fromFuture(reset)).code()).isEqualTo(204);
            assertThat(get(Mono.fromFuture(change)).code()).isEqualTo(200);
        }
    }

    @Test
    void signOutAndEndOfTheSessionSucceed() {
        var session = get(credentials.issue(account, CredentialType.SESSION, "", Set.of(), Duration.ofHours(1)))
                .credential()
                .id();
        Account active = get(instance.bean(Accounts.class).findActive(account));
        var caller = new Caller(active, Scope.of(Role.READER), session, null);
        try (var lock = TableLock.by(instance, "select from credential where id = '" + session + "' for update")) {
            var signOut = credentials.revoke(caller).materialize().toFuture();
            awaitBlocked(lock, 1);
            var end = credentials.revoke(List.of(session)).materialize().toFuture();
            awaitBlocked(lock, 2);
            lock.release();
            assertThat(get(Mono.fromFuture(signOut)).getThrowable()).isNull();
            assertThat(get(Mono.fromFuture(end)).getThrowable()).isNull();
        }
    }

    /** Waits until a number of connections wait for a lock, directly or not. */
    private void awaitBlocked(TableLock lock, long number) {
        var blocked = instance.bean(DatabaseClient.class)
                .sql("with recursive blocked (pid) as (select cast(:pid as int) union"
                        + " select a.pid from pg_stat_activity a join blocked b on b.pid = any (pg_blocking_pids(a.pid)))"
                        + " select count(*) - 1 from blocked")
                .bind("pid", lock.pid())
                .mapValue(Long.class)
                .one();
        Freshet.until(() -> get(blocked) == number);
    }
}
