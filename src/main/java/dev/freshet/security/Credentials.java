package dev.freshet.security;

import dev.freshet.security.Credential.Kind;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
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

/** Issues, finds and revokes what accounts prove by who they are. */
@Component
class Credentials {

    private static final String COLUMNS = "id, account, kind, name, scopes, created_at, expires_at, used_at";
    private static final String GOOD = "(expires_at is null or expires_at > now())";

    private final DatabaseClient client;
    private final Revocations revocations;
    private final TransactionalOperator transactions;

    Credentials(DatabaseClient client, Revocations revocations, TransactionalOperator transactions) {
        this.client = client;
        this.revocations = revocations;
        this.transactions = transactions;
    }

    /** A credential with its secret, which is not to be had again. */
    record Issued(Credential credential, Secret secret) {}

    /**
     * Issues a credential, in the caller's transaction if there is one.
     *
     * @param lifetime null for one that never ends
     */
    Mono<Issued> issue(UUID account, Kind kind, String name, Set<Scope> scopes, @Nullable Duration lifetime) {
        var secret = Secret.create(kind);
        var statement = client.sql("insert into credential (id, account, kind, name, digest, scopes, expires_at)"
                        + " values (:id, :account, :kind, :name, :digest, :scopes, :expires) returning " + COLUMNS)
                .bind("id", UUID.randomUUID())
                .bind("account", account)
                .bind("kind", text(kind))
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

    /** The credential of a secret, and notes that it was used; empty for none that is good. */
    Mono<Credential> use(Secret secret, Kind kind) {
        return client.sql("update credential set used_at = now() where digest = :digest and kind = :kind and " + GOOD
                        + " returning " + COLUMNS)
                .bind("digest", secret.digest())
                .bind("kind", text(kind))
                .map(Credentials::credential)
                .one();
    }

    /**
     * Exchanges a session's secret for a new one. Whoever shows one that was exchanged before ends the session, for one of
     * the two who had it has stolen it.
     *
     * @param lifetime from now
     * @return empty where the secret is good for nothing
     */
    Mono<Issued> renew(Secret secret, Duration lifetime) {
        var next = Secret.create(Kind.SESSION);
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

    /** An account's credentials of a kind that are good, newest first. */
    Flux<Credential> of(UUID account, Kind kind) {
        return client.sql("select " + COLUMNS + " from credential where account = :account and kind = :kind and " + GOOD
                        + " order by created_at desc, id")
                .bind("account", account)
                .bind("kind", text(kind))
                .map(Credentials::credential)
                .all();
    }

    /** Revokes all of an account's credentials but one. */
    Mono<Void> revokeAll(UUID account, @Nullable UUID but) {
        return client.sql("select id from credential where account = :account")
                .bind("account", account)
                .mapValue(UUID.class)
                .all()
                .filter(id -> !id.equals(but))
                .collectList()
                .flatMap(this::revoke);
    }

    /** Revokes all of an account's credentials of a kind. */
    Mono<Void> revokeAllOf(UUID account, Kind kind) {
        return of(account, kind).map(Credential::id).collectList().flatMap(this::revoke);
    }

    /** Revokes credentials, and the tokens that were issued on their strength: at every instance within seconds. */
    Mono<Void> revoke(List<UUID> ids) {
        // Short tokens may live on for their time, and this one may be held in memory for a while.
        var revoked = revocations
                .revoke(ids, Instant.now().plus(Duration.ofDays(1)))
                .then(client.sql("delete from credential where id = any (:ids)")
                        .bind("ids", ids.toArray(UUID[]::new))
                        .then());
        return ids.isEmpty() ? Mono.empty() : transactions.transactional(revoked);
    }

    /** Forgets what has ended by itself. */
    Mono<Void> forget() {
        return client.sql("delete from credential where expires_at < now()")
                .then()
                .then(client.sql("delete from revocation where until < now() - interval '1 hour'")
                        .then());
    }

    private static Credential credential(Readable row) {
        return new Credential(
                require(row, "id", UUID.class),
                require(row, "account", UUID.class),
                Kind.valueOf(require(row, "kind", String.class).toUpperCase(Locale.ROOT)),
                require(row, "name", String.class),
                Arrays.stream(require(row, "scopes", String[].class))
                        .flatMap(scope -> Scope.parse(scope).stream())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class))),
                require(row, "created_at", Instant.class),
                row.get("expires_at", Instant.class),
                row.get("used_at", Instant.class));
    }

    private static <T> T require(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    private static String text(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
