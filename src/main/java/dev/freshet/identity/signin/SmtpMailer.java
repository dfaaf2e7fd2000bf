package dev.freshet.identity.signin;

import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Sends mail by SMTP on threads of its own, because the library blocks. */
final class SmtpMailer implements Mailer, AutoCloseable {

    private static final int THREADS = 4;
    private static final int MAX_QUEUED_MAILS = 64;

    private final JavaMailSender sender;
    private final String from;
    private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, MAX_QUEUED_MAILS, "mail", 60, true);

    SmtpMailer(JavaMailSender sender, String from) {
        this.sender = sender;
        this.from = from;
    }

    @Override
    public Mono<Void> send(String address, String subject, String text) {
        return Mono.<Void>fromRunnable(() -> {
                    var mail = new SimpleMailMessage();
                    mail.setFrom(from);
                    mail.setTo(address);
                    mail.setSubject(subject);
                    mail.setText(text);
                    sender.send(mail);
                })
                .subscribeOn(threads);
    }

    @Override
    public void close() {
        threads.dispose();
    }
}
