package dev.freshet.identity.signin;

import reactor.core.publisher.Mono;

/**
 * Sends mail to people: by SMTP where {@code spring.mail.host} names a server, else to the log, which is for development,
 * since who reads the log could set anybody's password. A bean of this type takes the place of both.
 */
@FunctionalInterface
public interface Mailer {

    /**
     * Sends a mail. Nobody waits for it but the next few mails.
     *
     * @param text plain
     * @return completes when it is handed over; must not block the thread that subscribes
     */
    Mono<Void> send(String address, String subject, String text);
}
