package dev.freshet.identity.signin;

import reactor.core.publisher.Mono;

/**
 * Sends mail: by SMTP if {@code spring.mail.host} names a server, else to the log. The log is for development, since
 * its readers could set any password. A bean of this type replaces both.
 */
@FunctionalInterface
public interface Mailer {

    /**
     * Sends a mail.
     *
     * @param text plain text
     * @return completes when the mail is handed over; must not block the subscribing thread
     */
    Mono<Void> send(String address, String subject, String text);
}
