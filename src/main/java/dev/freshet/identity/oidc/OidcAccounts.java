package dev.freshet.identity.oidc;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The accounts of those whom a provider knows. Somebody is known again by the provider's issuer and subject alone: neither
 * a name nor an e-mail address that they share with an account here gives them that account. So these accounts have no
 * e-mail address, and nobody sets a password for them by mail.
 */
@Component
public class OidcAccounts {

    private static final Logger log = LoggerFactory.getLogger(OidcAccounts.class);
    private static final int LONGEST_SUBJECT = 255;
    private static final int LONGEST_NAME = 50;
    private static final int NUMBERS = 9;

    private final Accounts accounts;
    private final DatabaseClient client;
    private final TransactionalOperator transactions;

    OidcAccounts(Accounts accounts, DatabaseClient client, TransactionalOperator transactions) {
        this.accounts = accounts;
        this.client = client;
        this.transactions = transactions;
    }

    /** The account of whom these claims are about, made where there is none yet; empty where they have left. */
    Mono<Account> of(OidcProvider provider, Map<String, Object> claims) {
        if (!(claims.get("sub") instanceof String subject)
                || subject.isEmpty()
                || subject.length() > LONGEST_SUBJECT
                || subject.indexOf('\0') >= 0) {
            return Mono.empty();
        }
        return find(provider, subject)
                .switchIfEmpty(Mono.defer(() -> transactions.transactional(create(provider, subject, claims))))
                .flatMap(accounts::findById)
                .flatMap(account -> provider.role(claims)
                        .filter(role -> role != account.role())
                        .map(role -> transactions.transactional(change(account, role)))
                        .orElse(Mono.just(account)));
    }

    /** Whether an account is somebody's whom a provider knows. */
    public Mono<Boolean> has(UUID account) {
        return client.sql("select exists (select from identity where account = :account)")
                .bind("account", account)
                .mapValue(Boolean.class)
                .one();
    }

    private Mono<UUID> find(OidcProvider provider, String subject) {
        return client.sql("select account from identity where issuer = :issuer and subject = :subject")
                .bind("issuer", provider.issuer())
                .bind("subject", subject)
                .mapValue(UUID.class)
                .one();
    }

    private Mono<UUID> create(OidcProvider provider, String subject, Map<String, Object> claims) {
        var id = UUID.randomUUID();
        // Somebody's first two requests may come at once.
        var locked = client.sql("select pg_advisory_xact_lock(hashtextextended(:identity, 0))")
                .bind("identity", provider.issuer() + "\n" + subject)
                .then();
        var created = Flux.fromStream(() -> names(provider.nickname(claims)))
                .concatMap(name -> accounts.create(
                        id, name, null, provider.newcomer(claims).toString()))
                .filter(rows -> rows == 1)
                .next()
                .then(client.sql("insert into identity (issuer, subject, account) values (:issuer, :subject, :account)")
                        .bind("issuer", provider.issuer())
                        .bind("subject", subject)
                        .bind("account", id)
                        .then())
                .thenReturn(id);
        return locked.then(Mono.defer(() -> find(provider, subject))).switchIfEmpty(created);
    }

    /** Names to try: the first that nobody has. */
    private static Stream<String> names(String nickname) {
        var at = nickname.indexOf('@');
        var plain = (at < 0 ? nickname : nickname.substring(0, at))
                .replaceAll("\\p{C}", "")
                .strip();
        var name = plain.isEmpty() ? "reader" : plain.substring(0, Math.min(LONGEST_NAME, plain.length()));
        return Stream.of(
                        Stream.of(name),
                        IntStream.rangeClosed(2, NUMBERS).mapToObj(number -> name + "-" + number),
                        Stream.generate(
                                () -> name + "-" + UUID.randomUUID().toString().substring(0, 8)))
                .flatMap(all -> all);
    }

    private Mono<Account> change(Account account, Role role) {
        return accounts.lockAdmins()
                .filter(admins -> admins > 1 || account.role() != Role.ADMIN)
                .flatMap(admins -> client.sql("update account set role = :role where id = :id")
                        .bind("role", role.toString())
                        .bind("id", account.id())
                        .fetch()
                        .rowsUpdated())
                .flatMap(rows -> accounts.findById(account.id()))
                .switchIfEmpty(Mono.fromSupplier(() -> {
                    log.warn(
                            "The account {} stays admin though its provider says {}: there is no other",
                            account.name(),
                            role);
                    return account;
                }));
    }
}
