package dev.freshet.identity.admin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.oidc.OidcProviders;
import dev.freshet.platform.FreshetSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Bootstraps access. It creates the admin {@code editor} if no account exists. It issues a token if no admin can sign in
 * any more, and writes that token to a file and to the log. Uses {@code DatabaseClient} for one check over four tables,
 * since a repository has one table.
 */
@Component
public class FirstAccount implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FirstAccount.class);
    private static final String NAME = "editor";
    private static final String TOKEN_FILE = "first-token";

    private final Accounts accounts;
    private final Credentials credentials;
    private final OidcProviders providers;
    private final DatabaseClient client;
    private final Path folder;
    private final Mono<Account> bootstrapped;
    private @Nullable Disposable running;

    FirstAccount(
            Accounts accounts,
            Credentials credentials,
            OidcProviders providers,
            DatabaseClient client,
            FreshetSettings settings,
            TransactionalOperator transactions) {
        this.accounts = accounts;
        this.credentials = credentials;
        this.providers = providers;
        this.client = client;
        this.folder = settings.dataFolder();
        // One transaction includes the write of the file, so that a crash leaves no account without a token. The token
        // works
        // after the commit only.
        this.bootstrapped = Mono.defer(() -> transactions.transactional(create()))
                .doOnNext(FirstToken::log)
                .then(Mono.defer(accounts::findFirstByOrderByCreatedAtAscIdAsc))
                .cache(found -> Duration.ofNanos(Long.MAX_VALUE), failed -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** Returns the oldest account, and creates it first if none exists. One of several instances creates it. */
    public Mono<Account> ensure() {
        return bootstrapped;
    }

    @Override
    public synchronized void start() {
        running = ensure().subscribe(account -> {}, error -> log.error("Failed to create the first account", error));
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.dispose();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }

    /**
     * A new token.
     *
     * @param account the name of its account
     * @param failure why it is not in the file; null if it is
     */
    private record FirstToken(
            String account,
            String token,
            Path file,
            @Nullable Exception failure) {

        void log() {
            if (failure == null) {
                log.info("Token of the account {}, written to {}: {}", account, file, token);
            } else {
                log.warn(
                        "Failed to write the token of the account {} to {} ({}). Save it now: {}",
                        account,
                        file,
                        failure,
                        token);
            }
        }
    }

    private Mono<FirstToken> create() {
        return accounts.createFirst(UUID.randomUUID(), NAME)
                .then(Mono.defer(this::lockIfNoAdminCanSignIn))
                .flatMap(accounts::findActive)
                .flatMap(account -> credentials
                        .issue(account.id(), CredentialType.TOKEN, "first token", Scope.of(Role.ADMIN), null)
                        // Writing a file blocks.
                        .flatMap(issued -> Mono.fromSupplier(() ->
                                        write(account.name(), issued.secret().text()))
                                .subscribeOn(Schedulers.boundedElastic())));
    }

    /**
     * Locks the first account and returns its id if no admin can sign in. The check is one statement, so that the lock covers
     * a consistent view.
     */
    private Mono<UUID> lockIfNoAdminCanSignIn() {
        return accounts.lockFirst()
                .filterWhen(id -> client.sql("select not exists (select from account a"
                                + " where a.role = 'admin' and a.left_at is null and a.disabled_at is null and ("
                                + "exists (select from password where account = a.id)"
                                + " or exists (select from identity where account = a.id and issuer = any (:issuers))"
                                + " or exists (select from credential where account = a.id))) as nobody_can_sign_in")
                        .bind("issuers", providers.issuers())
                        .mapValue(Boolean.class)
                        .one());
    }

    private FirstToken write(String account, String token) {
        var file = folder.resolve(TOKEN_FILE);
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(file);
            var isPosix = Files.getFileStore(folder).supportsFileAttributeView("posix");
            if (isPosix) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, token + "\n", StandardCharsets.UTF_8);
            return new FirstToken(account, token, file, null);
        } catch (IOException | SecurityException e) {
            return new FirstToken(account, token, file, e);
        }
    }
}
