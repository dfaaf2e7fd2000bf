package dev.freshet.security;

import reactor.core.publisher.Mono;

/**
 * Sends mail to people. Without a bean of this type of your own, mail is written to the log, which is for development: who
 * reads the log could set anybody's password.
 */
@FunctionalInterface
public interface Mailer {

    /**
     * Sends a mail.
     *
     * @param text plain
     * @return completes when it is handed over; must not block the thread that subscribes
     */
    Mono<Void> send(String address, String subject, String text);
}
