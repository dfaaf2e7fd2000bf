package dev.freshet.identity.signin;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of mail to users. {@code spring.mail.host} names the SMTP server.
 *
 * @param from the sender, for example {@code Freshet <news@example.org>}
 */
@ConfigurationProperties("freshet.mail")
record MailSettings(
        @NotBlank @DefaultValue("freshet@localhost") String from) {}
