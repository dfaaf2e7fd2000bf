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
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/**
 * Mails tokens that set a new password.
 *
 * <p>The work is done after the response, so that neither the response nor its time reveals whether an account exists,
 * and a slow mail server delays no client. Requests to an instance that stops are lost; the user asks again.
 */
@Component
public class PasswordResets implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PasswordResets.class);

    private static final Duration LIFETIME = Duration.ofMinutes(30);
    // Bounds the mails per account, which prevents a flooded mailbox.
    private static final int MOST = 3;
    private static final int AT_ONCE = 4;
    private static final int WAITING = 256;

    private final Accounts accounts;
    private final Credentials credentials;
    private final Mailer mailer;
    // Both are guarded by this.
    private Sinks.@Nullable Many<String> asked;
    private @Nullable Disposable running;

    public PasswordResets(Accounts accounts, Credentials credentials, Mailer mailer) {
        this.accounts = accounts;
        this.credentials = credentials;
        this.mailer = mailer;
    }

    /**
     * Has a token mailed to the account of this name or e-mail address, if it exists and has an address. Throws a
     * problem if too many requests wait.
     */
    public synchronized void ask(String name) {
        if (asked == null || asked.tryEmitNext(name).isFailure()) {
            throw Problem.UNAVAILABLE.because("Too many ask for a new password at this moment.");
        }
    }

    private record Mail(Account account, Secret secret) {}

    private Mono<Mail> issue(String name) {
        return accounts.findActiveByNameOrEmail(name)
                .filter(account -> account.email() != null)
                .filterWhen(account -> credentials
                        .of(account.id(), CredentialType.RESET)
                        .count()
                        .map(count -> count < MOST))
                .flatMap(account -> credentials
                        .issue(account.id(), CredentialType.RESET, "", Set.of(), LIFETIME)
                        .map(issued -> new Mail(account, issued.secret())))
                .onErrorResume(PasswordResets::warn);
    }

    private Mono<Void> send(Mail mail) {
        return Mono.defer(() -> mailer.send(
                        Objects.requireNonNull(mail.account().email()),
                        "Set a new password",
                        text(mail.account(), mail.secret())))
                .onErrorResume(PasswordResets::warn);
    }

    private static <T> Mono<T> warn(Throwable error) {
        log.warn("A token to set a new password could not be mailed", error);
        return Mono.empty();
    }

    private static String text(Account account, Secret secret) {
        return "Somebody, you we hope, asked to set a new password for " + account.name()
                + ".\nSend this token with it to /api/v1/password-resets within " + LIFETIME.toMinutes()
                + " minutes, by PUT:\n\n" + secret.text() + "\n\nIf it wasn't you, there is nothing to do.\n";
    }

    @Override
    public synchronized void start() {
        Sinks.Many<String> sink = Sinks.many()
                .unicast()
                .onBackpressureBuffer(Queues.<String>get(WAITING).get());
        asked = sink;
        running = sink.asFlux()
                // Moves the work off the caller's thread.
                .publishOn(Schedulers.parallel(), 1)
                // One at a time, so that their number is exact.
                .concatMap(this::issue, 1)
                .flatMap(this::send, AT_ONCE, 1)
                .subscribe();
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.dispose();
            running = null;
            asked = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }
}
