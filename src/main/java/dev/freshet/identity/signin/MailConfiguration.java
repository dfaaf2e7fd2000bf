package dev.freshet.identity.signin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.javamail.JavaMailSender;
import reactor.core.publisher.Mono;

/** Mail to users. */
@Configuration(proxyBeanMethods = false)
class MailConfiguration {

    private static final Logger log = LoggerFactory.getLogger(MailConfiguration.class);

    /** The mailer, unless another one is defined. */
    @Bean
    @ConditionalOnMissingBean
    Mailer mailer(ObjectProvider<JavaMailSender> smtp, MailSettings settings) {
        var sender = smtp.getIfAvailable();
        return sender != null
                ? new SmtpMailer(sender, settings.from())
                : (address, subject, text) ->
                        Mono.fromRunnable(() -> log.info("Mail to {}: {}\n{}", address, subject, text));
    }
}
