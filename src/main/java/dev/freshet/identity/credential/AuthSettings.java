package dev.freshet.identity.credential;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of tokens and sessions. The settings of sign-up share the prefix; only {@code signin} uses them.
 *
 * @param issuer names this service in its tokens. Use its public address, such as {@code https://news.example}, so that
 *      others find its keys
 * @param accessLifetime lifetime of an access token, from 1 minute to 12 hours
 * @param sessionLifetime lifetime of a session without use
 * @param sessionLongest maximum lifetime of a browser's session, even in use
 * @param keyLifetime time for which a key signs tokens, at least a day
 */
@ConfigurationProperties("freshet.auth")
public record AuthSettings(
        @NotBlank @DefaultValue(Tokens.ISSUER) String issuer,

        @NotNull @DurationMin(minutes = 1) @DurationMax(hours = 12) @DefaultValue("15m")
        Duration accessLifetime,

        @NotNull @DurationMin(minutes = 5) @DefaultValue("30d")
        Duration sessionLifetime,

        @NotNull @DurationMin(minutes = 5) @DurationMax(days = 400) @DefaultValue("90d")
        Duration sessionLongest,

        @NotNull @DurationMin(days = 1) @DefaultValue("90d") Duration keyLifetime) {}
