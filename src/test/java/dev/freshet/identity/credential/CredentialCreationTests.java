package dev.freshet.identity.credential;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.testing.Freshet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Rights to create credentials, and the limit of their number, under concurrent requests. */
class CredentialCreationTests {

    private static final Set<Scope> READING = Set.of(Scope.ARTICLES_READ);
    private static final String SESSION = "/api/v1/session";

    private final Freshet instance = Freshet.shared(Map.of());
    private final Credentials credentials = instance.bean(Credentials.class);

    @Test
    void revokedSessionCreatesNothing_beforeInstancesKnowOfItsRevocation() {
        var caller = caller();
        get(instance.bean(Revocations.class)
                .revoke(List.of(caller.credential()), Instant.now().plusSeconds(60))
                .thenReturn(true));
        assertThat(problem(credentials.issueToken(caller, "late", READING, null)))
                .isEqualTo(Problem.UNAUTHORIZED);
        assertThat(problem(credentials.issueTicket(caller, READING, Duration.ofMinutes(1))))
                .isEqualTo(Problem.UNAUTHORIZED);
        assertThat(get(credentials.of(caller.id(), CredentialType.values()).collectList()))
                .isEmpty();
    }

    @Test
    void tokenWaitsForARevocationInProgress_andIsRefused() {
        var caller = caller();
        var session = get(credentials.issue(caller.id(), CredentialType.SESSION, "", Set.of(), null))
                .credential()
                .id();
        var stolen = new Caller(caller.account(), caller.scopes(), session, null);
        var commit = Sinks.<Boolean>one();
        var revocation = instance.bean(TransactionalOperator.class)
                .transactional(credentials.revokeAll(caller.id(), null).then(commit.asMono()))
                .toFuture();
        Freshet.until(() -> hasLock("relation = 'revocation'::regclass and mode = 'RowExclusiveLock'"));
        var token = credentials
                .issueToken(stolen, "late", READING, null)
                .materialize()
                .toFuture();
        // A token that does not wait ends the wait, so that this test fails instead of hanging.
        Freshet.until(() -> token.isDone() || hasLock("not granted"));
        commit.tryEmitValue(true);
        get(Mono.fromFuture(revocation));
        assertThat(get(Mono.fromFuture(token)).getThrowable())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        error -> assertThat(error.problem()).isEqualTo(Problem.UNAUTHORIZED));
        assertThat(get(credentials.of(caller.id(), CredentialType.TOKEN).count()))
                .isZero();
    }

    @Test
    void accountHasAHundredTokensAtMost_underConcurrentRequests() {
        var caller = caller();
        Flux.range(0, 95)
                .concatMap(i -> credentials.issueToken(caller, "token " + i, READING, null))
                .blockLast(TIMEOUT);
        var refused = Flux.range(0, 20)
                .flatMap(
                        i -> credentials
                                .issueToken(caller, "more " + i, READING, null)
                                .materialize(),
                        20)
                .filter(signal -> signal.isOnError())
                .count();
        assertThat(get(refused)).isEqualTo(15);
        assertThat(get(credentials.of(caller.id(), CredentialType.TOKEN).count()))
                .isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+10000-01-01T00:00:00Z", "+294277-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z"})
    void tokenCannotExpireAfterTheYear9999(String time) {
        var answer = get(instance.send(
                HttpMethod.POST,
                "/api/v1/tokens",
                "{\"name\": \"t\", \"scopes\": [\"articles:read\"], \"expiresAt\": \"" + time + "\"}",
                HttpHeaders.AUTHORIZATION,
                "Bearer " + instance.token(Role.AUTHOR)));
        assertThat(answer.code()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void secretIsValidForItsTypeOnly_evenCached() {
        var caller = caller();
        var token = secret(caller, CredentialType.TOKEN);
        var cookie = secret(caller, CredentialType.COOKIE);
        assertThat(instance.get(SESSION, HttpHeaders.AUTHORIZATION, "Bearer " + token)
                        .code())
                .isEqualTo(200);
        assertThat(instance.get(SESSION, HttpHeaders.COOKIE, "freshet=" + cookie)
                        .code())
                .isEqualTo(200);
        assertThat(instance.get(SESSION, HttpHeaders.COOKIE, "freshet=" + token).code())
                .isEqualTo(401);
        assertThat(instance.get(SESSION, HttpHeaders.AUTHORIZATION, "Bearer " + cookie)
                        .code())
                .isEqualTo(401);
    }

    private String secret(Caller caller, CredentialType type) {
        return get(credentials.issue(caller.id(), type, "", READING, Duration.ofHours(1)))
                .secret()
                .text();
    }

    private Caller caller() {
        // Otherwise the first token, which is created after the start, may belong to this account.
        get(instance.bean(FirstAccount.class).ensure());
        Account account = get(instance.bean(Accounts.class)
                .findActive(instance.account("creator-" + UUID.randomUUID(), Role.AUTHOR)));
        return new Caller(account, Scope.of(Role.AUTHOR), UUID.randomUUID(), null);
    }

    private static Problem problem(Mono<?> result) {
        return get(result.materialize()).getThrowable() instanceof ProblemException error
                ? error.problem()
                : Problem.INTERNAL;
    }

    /** Returns whether a lock of this kind is held or requested in the database. */
    private boolean hasLock(String condition) {
        return get(instance.bean(DatabaseClient.class)
                        .sql("select count(*) from pg_locks l join pg_stat_activity a using (pid)"
                                + " where a.datname = current_database() and a.pid <> pg_backend_pid() and "
                                + condition)
                        .mapValue(Long.class)
                        .one())
                > 0;
    }
}
