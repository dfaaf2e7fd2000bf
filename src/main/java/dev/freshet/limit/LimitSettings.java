package dev.freshet.limit;

import dev.freshet.platform.http.IpNetwork;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Rate limits. A budget such as {@code 600/1m} is a bucket of 600 requests that refills within a minute; {@code off} is
 * no limit.
 * The limits of the HTTP edge share the prefix; their record is in {@code platform.http}, since they apply before rates.
 *
 * @param exempt networks whose requests are not counted
 * @param signInPerAddress attempts to sign in, sign up, renew a session or set a password, per address
 * @param signInPerAccount the same, per account of a signed-in caller
 * @param writesPerAddress requests that change data, per address
 * @param writesPerAccount the same, per account
 * @param readsPerAddress all other requests, per address
 * @param readsPerAccount the same, per account
 * @param streamsPerAddress opened streams, per address
 * @param streamsPerAccount the same, per account
 * @param redisTimeout maximum time of a Redis command, after which an instance counts alone
 */
@ConfigurationProperties("freshet.limits")
record LimitSettings(
        @DefaultValue({"127.0.0.0/8", "::1"}) List<IpNetwork> exempt,
        @NotNull @DefaultValue("100/5m") Rate signInPerAddress,
        @NotNull @DefaultValue("30/5m") Rate signInPerAccount,
        @NotNull @DefaultValue("6000/1m") Rate writesPerAddress,
        @NotNull @DefaultValue("3000/1m") Rate writesPerAccount,
        @NotNull @DefaultValue("30000/1m") Rate readsPerAddress,
        @NotNull @DefaultValue("12000/1m") Rate readsPerAccount,
        @NotNull @DefaultValue("6000/1m") Rate streamsPerAddress,
        @NotNull @DefaultValue("600/1m") Rate streamsPerAccount,

        @NotNull @DurationMin(millis = 1) @DefaultValue("50ms")
        Duration redisTimeout) {

    LimitSettings {
        exempt = List.copyOf(exempt);
    }
}
