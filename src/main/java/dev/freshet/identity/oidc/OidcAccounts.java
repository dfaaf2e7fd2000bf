package dev.freshet.identity.oidc;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.ActiveAccounts;
import dev.freshet.identity.account.ExternalIdentities;
import dev.freshet.identity.account.Role;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The accounts of providers' users. Only the issuer and subject identify a user: a name or e-mail address that matches
 * an account here does not give access to it. So these accounts have no e-mail address, and their password cannot be
 * set by mail.
 */
@Component
class OidcAccounts {

    private static final Logger log = LoggerFactory.getLogger(OidcAccounts.class);
    private static final int MAX_SUBJECT_LENGTH = 255;
    private static final int RANDOM_SUFFIX_LENGTH = 8;
    // Leaves room for a hyphen and the longest suffix.
    private static final int MAX_BASE_NAME_LENGTH = AccountFields.MAX_NAME_LENGTH - 1 - RANDOM_SUFFIX_LENGTH;
    // The last number that is appended to a taken name, before random suffixes.
    private static final int MAX_NAME_NUMBER = 9;

    private final Accounts accounts;
    private final ActiveAccounts active;
    private final ExternalIdentities identities;
    private final TransactionalOperator transactions;

    OidcAccounts(
            Accounts accounts,
            ActiveAccounts active,
            ExternalIdentities identities,
            TransactionalOperator transactions) {
        this.accounts = accounts;
        this.active = active;
        this.identities = identities;
        this.transactions = transactions;
    }

    /** Returns the account of these claims, and creates it on the first visit; empty if it is closed or disabled. */
    Mono<Account> of(OidcProvider provider, Map<String, Object> claims) {
        if (!(claims.get("sub") instanceof String subject)
                || subject.isEmpty()
                || subject.length() > MAX_SUBJECT_LENGTH
                || subject.indexOf('\0') >= 0) {
            return Mono.empty();
        }
        return identities
                .findAccount(provider.issuer(), subject)
                .switchIfEmpty(Mono.defer(() -> transactions.transactional(create(provider, subject, claims))))
                .flatMap(accounts::findActive)
                .flatMap(account -> provider.claims()
                        .role(claims)
                        .filter(role -> role != account.role())
                        .map(role -> transactions
                                .transactional(change(account, role))
                                .doOnTerminate(() -> active.forget(account.id())))
                        .orElse(Mono.just(account)));
    }

    private Mono<UUID> create(OidcProvider provider, String subject, Map<String, Object> claims) {
        var id = UUID.randomUUID();
        // The first requests of a user may be concurrent.
        var locked = identities.lock(provider.issuer(), subject);
        var created = Flux.fromStream(() -> names(provider.claims().nickname(claims)))
                .concatMap(name -> accounts.create(
                        id, name, null, provider.claims().initialRole(claims).toString()))
                .filter(rows -> rows == 1)
                .next()
                .then(Mono.defer(() -> identities.add(provider.issuer(), subject, id)))
                .thenReturn(id);
        return locked.then(Mono.defer(() -> identities.findAccount(provider.issuer(), subject)))
                .switchIfEmpty(created);
    }

    /** Returns candidate names; the first free one is used. */
    static Stream<String> names(String nickname) {
        var at = nickname.indexOf('@');
        var plain = (at < 0 ? nickname : nickname.substring(0, at))
                .replaceAll("\\p{C}", "")
                .strip();
        var name = plain.isEmpty() ? "reader" : cut(plain);
        return Stream.of(
                        Stream.of(name),
                        IntStream.rangeClosed(2, MAX_NAME_NUMBER).mapToObj(number -> name + "-" + number),
                        Stream.generate(
                                () -> name + "-" + UUID.randomUUID().toString().substring(0, RANDOM_SUFFIX_LENGTH)))
                .flatMap(all -> all);
    }

    private static String cut(String name) {
        var length = Math.min(MAX_BASE_NAME_LENGTH, name.codePointCount(0, name.length()));
        return name.substring(0, name.offsetByCodePoints(0, length)).strip();
    }

    private Mono<Account> change(Account account, Role role) {
        return accounts.lockAdmins()
                .filter(admins -> !account.isLastAdmin(admins))
                .flatMap(admins -> accounts.changeRole(account.id(), role.toString()))
                .flatMap(rows -> accounts.findActive(account.id()))
                .switchIfEmpty(Mono.fromSupplier(() -> {
                    log.warn(
                            "The account {} stays admin although its provider says {}, since it is the last admin",
                            account.name(),
                            role);
                    return account;
                }));
    }
}
