package dev.freshet.identity.signin;

import reactor.core.publisher.Mono;

/**
 * Sends mail to users: by SMTP if {@code spring.mail.host} names a server, else to the log. The log is for development
 * only, because anyone who reads it could set a user's password. A bean of this type replaces both.
 */
@FunctionalInterface
interface Mailer {

    /**
     * Sends a mail. Requests do not wait for it, but later mails can.
     *
     * @param text plain text
     * @return completes when the mail server has accepted the mail; must not block the subscribing thread
     */
    Mono<Void> send(String address, String subject, String text);
}
