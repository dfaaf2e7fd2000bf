package dev.freshet.identity.credential;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.WireName;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Issues, finds and revokes credentials. */
@Component
public class Credentials {

    private static final String COLUMNS = "id, account, kind, name, scopes, created_at, expires_at, used_at";
    private static final String GOOD = "(expires_at is null or expires_at > now())";

    // Access tokens may outlive their session, and caches may hold a credential for a while.
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final DatabaseClient client;
    private final Revocations revocations;
    private final TransactionalOperator transactions;

    Credentials(DatabaseClient client, Revocations revocations, TransactionalOperator transactions) {
        this.client = client;
        this.revocations = revocations;
        this.transactions = transactions;
    }

    /** A credential with its secret, which is shown only once. */
    public record Issued(Credential credential, Secret secret) {}

    /**
     * Issues a credential, in the caller's transaction if there is one.
     *
     * @param lifetime null for none
     */
    public Mono<Issued> issue(
            UUID account, CredentialType type, String name, Set<Scope> scopes, @Nullable Duration lifetime) {
        var secret = Secret.create(type);
        var statement = client.sql("insert into credential (id, account, kind, name, digest, scopes, expires_at)"
                        + " values (:id, :account, :kind, :name, :digest, :scopes, :expires) returning " + COLUMNS)
                .bind("id", UUID.randomUUID())
                .bind("account", account)
                .bind("kind", type.wireName())
                .bind("name", name)
                .bind("digest", secret.digest())
                .bind("scopes", scopes.stream().map(Scope::toString).toArray(String[]::new));
        return (lifetime == null
                        ? statement.bindNull("expires", Instant.class)
                        : statement.bind("expires", Instant.now().plus(lifetime)))
                .map(Credentials::credential)
                .one()
                .map(credential -> new Issued(credential, secret));
    }

    /** Returns the credential of a secret and records its use; empty for an invalid secret. */
    public Mono<Credential> use(Secret secret, CredentialType type) {
        return client.sql("update credential set used_at = now() where digest = :digest and kind = :kind and " + GOOD
                        + " returning " + COLUMNS)
                .bind("digest", secret.digest())
                .bind("kind", type.wireName())
                .map(Credentials::credential)
                .one();
    }

    /**
     * Returns the credential of a browser's secret and extends it; empty for an invalid secret.
     *
     * @param lifetime from now
     * @param longest maximum time since it was issued
     */
    Mono<Credential> prolong(Secret secret, Duration lifetime, Duration longest) {
        return client.sql(
                        "update credential set used_at = now(), expires_at = least(:expires, created_at + make_interval(secs => :longest))"
                                + " where digest = :digest and kind = 'cookie' and " + GOOD + " returning " + COLUMNS)
                .bind("expires", Instant.now().plus(lifetime))
                .bind("longest", (double) longest.toSeconds())
                .bind("digest", secret.digest())
                .map(Credentials::credential)
                .one();
    }

    /**
     * Issues a ticket, which is valid no longer than the caller's credential.
     *
     * @param lifetime time within which the stream must be opened
     */
    Mono<Issued> issueTicket(Caller caller, Set<Scope> scopes, Duration lifetime) {
        return issue(caller.id(), CredentialType.TICKET, "", scopes, lifetime)
                .delayUntil(issued -> {
                    var statement = client.sql(
                                    "update credential set parent = :parent, parent_ends_at = :ends where id = :id")
                            .bind("parent", caller.credential())
                            .bind("id", issued.credential().id());
                    return (caller.expiresAt() == null
                                    ? statement.bindNull("ends", Instant.class)
                                    : statement.bind("ends", caller.expiresAt()))
                            .then();
                })
                .as(transactions::transactional);
    }

    /**
     * The credential behind a ticket.
     *
     * @param parent the credential with which the ticket was requested
     * @param endsAt end of the parent; null for never
     */
    record Ticket(
            UUID account,
            Set<Scope> scopes,
            UUID parent,
            @Nullable Instant endsAt) {}

    /** Redeems a ticket. If several requests present it at once, at any instances, one succeeds. */
    Mono<Ticket> redeem(Secret secret) {
        return client.sql("delete from credential where digest = :digest and kind = 'ticket' and " + GOOD
                        + " returning account, scopes, parent, parent_ends_at")
                .bind("digest", secret.digest())
                .map(row -> new Ticket(
                        require(row, "account", UUID.class),
                        scopes(row),
                        require(row, "parent", UUID.class),
                        row.get("parent_ends_at", Instant.class)))
                .one();
    }

    /**
     * Exchanges a session's secret for a new one. Presenting a secret that was exchanged before ends the session, since
     * one of its two holders must have stolen it.
     *
     * @param lifetime from now
     * @return empty for an invalid secret
     */
    public Mono<Issued> renew(Secret secret, Duration lifetime) {
        var next = Secret.create(CredentialType.SESSION);
        var renewed = client.sql("update credential set digest = :next, used_at = now(),"
                        + " was_digests = (was_digests || digest)[greatest(1, cardinality(was_digests) - 98):],"
                        + " expires_at = :expires where digest = :digest and kind = 'session' and " + GOOD
                        + " returning " + COLUMNS)
                .bind("next", next.digest())
                .bind("expires", Instant.now().plus(lifetime))
                .bind("digest", secret.digest())
                .map(Credentials::credential)
                .one()
                .map(credential -> new Issued(credential, next));
        var stolen = client.sql("select id from credential where was_digests @> array[cast(:digest as bytea)]")
                .bind("digest", secret.digest())
                .mapValue(UUID.class)
                .one()
                .flatMap(id -> revoke(List.of(id)))
                .then(Mono.<Issued>empty());
        return renewed.switchIfEmpty(Mono.defer(() -> stolen));
    }

    /** Returns an account's valid credentials of these types, newest first. */
    public Flux<Credential> of(UUID account, CredentialType... types) {
        return client.sql("select " + COLUMNS + " from credential where account = :account and kind = any (:kinds) and "
                        + GOOD + " order by created_at desc, id")
                .bind("account", account)
                .bind(
                        "kinds",
                        Arrays.stream(types).map(CredentialType::wireName).toArray(String[]::new))
                .map(Credentials::credential)
                .all();
    }

    /** Revokes all credentials of an account except one. */
    public Mono<Void> revokeAll(UUID account, @Nullable UUID but) {
        return client.sql("select id from credential where account = :account")
                .bind("account", account)
                .mapValue(UUID.class)
                .all()
                .filter(id -> !id.equals(but))
                .collectList()
                .flatMap(this::revoke);
    }

    /** Revokes all credentials of an account of one type. */
    public Mono<Void> revokeAllOf(UUID account, CredentialType type) {
        return of(account, type).map(Credential::id).collectList().flatMap(this::revoke);
    }

    /** Revokes the caller's credential, even if a provider issued it. */
    public Mono<Void> revoke(Caller caller) {
        var ids = List.of(caller.credential());
        var day = Instant.now().plus(REMEMBERED);
        var ends = caller.expiresAt();
        var revoked = delete(ids)
                .flatMap(rows -> revocations.revoke(ids, rows > 0 || ends == null || ends.isBefore(day) ? day : ends));
        return transactions.transactional(revoked);
    }

    /** Revokes credentials and the tokens derived from them: at every instance within seconds. */
    public Mono<Void> revoke(List<UUID> ids) {
        var revoked = revocations
                .revoke(ids, Instant.now().plus(REMEMBERED))
                .then(delete(ids))
                .then();
        return ids.isEmpty() ? Mono.empty() : transactions.transactional(revoked);
    }

    private Mono<Long> delete(List<UUID> ids) {
        return client.sql("delete from credential where id = any (:ids)")
                .bind("ids", ids.toArray(UUID[]::new))
                .fetch()
                .rowsUpdated();
    }

    /** Deletes expired credentials. */
    public Mono<Void> forget() {
        return client.sql("delete from credential where expires_at < now()")
                .then()
                .then(client.sql("delete from revocation where until < now() - interval '1 hour'")
                        .then());
    }

    private static Credential credential(Readable row) {
        return new Credential(
                require(row, "id", UUID.class),
                require(row, "account", UUID.class),
                WireName.parse(CredentialType.class, require(row, "kind", String.class))
                        .orElseThrow(),
                require(row, "name", String.class),
                scopes(row),
                require(row, "created_at", Instant.class),
                row.get("expires_at", Instant.class),
                row.get("used_at", Instant.class));
    }

    private static Set<Scope> scopes(Readable row) {
        return Arrays.stream(require(row, "scopes", String[].class))
                .flatMap(scope -> Scope.parse(scope).stream())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    private static <T> T require(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
