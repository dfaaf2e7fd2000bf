package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.credential.Secret;
import dev.freshet.platform.problem.Problem;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/**
 * Mails tokens for password resets.
 *
 * <p>A bounded queue decouples the mails from the requests. So neither the response nor its time reveals whether an account
 * exists, and a slow mail server delays no client. Queued requests are lost when the instance stops; users repeat them.
 */
@Component
class PasswordResetMails implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PasswordResetMails.class);

    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(30);
    // Keeps others from flooding a mailbox.
    private static final int MAX_VALID_TOKENS_PER_ACCOUNT = 3;
    private static final int MAX_CONCURRENT_MAILS = 4;
    private static final int MAX_QUEUED_REQUESTS = 256;

    private final Accounts accounts;
    private final Credentials credentials;
    private final Mailer mailer;
    private final TransactionalOperator transactions;
    // Guarded by this, as is running.
    private Sinks.@Nullable Many<String> requests;
    private @Nullable Disposable running;

    PasswordResetMails(Accounts accounts, Credentials credentials, Mailer mailer, TransactionalOperator transactions) {
        this.accounts = accounts;
        this.credentials = credentials;
        this.mailer = mailer;
        this.transactions = transactions;
    }

    /**
     * Requests a mail with a token. Nothing is sent if no active account has this login, or if it has no e-mail address.
     * Throws {@link Problem#UNAVAILABLE} if the queue is full.
     *
     * @param login name or e-mail address
     */
    synchronized void request(String login) {
        if (requests == null || requests.tryEmitNext(login).isFailure()) {
            throw Problem.UNAVAILABLE.because("Too many password resets are in progress.");
        }
    }

    private record Mail(Account account, Secret token) {}

    private Mono<Mail> issueToken(String login) {
        return accounts.findActiveByNameOrEmail(login)
                // Changes of the address take the same lock and revoke its tokens: so no token is mailed to an old
                // address.
                .flatMap(account -> accounts.lockActive(account.id()))
                .flatMap(accounts::findActive)
                .filter(account -> account.email() != null)
                .filterWhen(account -> credentials
                        .of(account.id(), CredentialType.RESET)
                        .count()
                        .map(count -> count < MAX_VALID_TOKENS_PER_ACCOUNT))
                .flatMap(account -> credentials
                        .issue(account.id(), CredentialType.RESET, "", Set.of(), TOKEN_LIFETIME)
                        .map(issued -> new Mail(account, issued.secret())))
                .as(transactions::transactional)
                .onErrorResume(PasswordResetMails::warn);
    }

    private Mono<Void> send(Mail mail) {
        return Mono.defer(() ->
                        mailer.send(Objects.requireNonNull(mail.account().email()), "Reset your password", text(mail)))
                .onErrorResume(PasswordResetMails::warn);
    }

    private static <T> Mono<T> warn(Throwable error) {
        log.warn("Failed to mail a password reset token", error);
        return Mono.empty();
    }

    private static String text(Mail mail) {
        return """
                Someone requested a password reset for %s.

                To set a new password, send this token within %d minutes
                with PUT to /api/v1/password-resets:

                %s

                If you did not request this, ignore this mail. Your password stays as it is.
                """.formatted(
                mail.account().name(), TOKEN_LIFETIME.toMinutes(), mail.token().text());
    }

    @Override
    public synchronized void start() {
        Sinks.Many<String> sink = Sinks.many()
                .unicast()
                .onBackpressureBuffer(Queues.<String>get(MAX_QUEUED_REQUESTS).get());
        requests = sink;
        running = sink.asFlux()
                // Off the thread of the request.
                .publishOn(Schedulers.parallel(), 1)
                // One at a time, so that the count of valid tokens is exact.
                .concatMap(this::issueToken, 1)
                .flatMap(this::send, MAX_CONCURRENT_MAILS, 1)
                .subscribe();
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.dispose();
            running = null;
            requests = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }
}
