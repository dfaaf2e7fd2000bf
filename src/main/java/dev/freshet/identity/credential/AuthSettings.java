package dev.freshet.identity.credential;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of who may sign in, and for how long.
 *
 * @param issuer names this service in its tokens: best the address that clients have of it, such as
 *     {@code https://news.example}, so that others find its keys by it
 * @param accessLifetime how long an access token is good, from 1 minute to 12 hours
 * @param sessionLifetime how long somebody who signed in stays so without coming back
 * @param sessionLongest when a browser has to sign in again, though it came back all the time
 * @param keyLifetime how long a key signs tokens before the next one does, from a day
 */
@Validated
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
