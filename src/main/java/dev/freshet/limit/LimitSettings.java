package dev.freshet.limit;

import dev.freshet.platform.http.Network;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much a client may ask for. A budget such as {@code 600/1m} is a bucket of 600 that fills in a minute; {@code off} is
 * none.
 *
 * @param exempt networks whose requests aren't counted
 * @param signInPerAddress attempts to sign in, sign up, renew a session or set a password, by address
 * @param signInPerAccount the same, by the account of who is signed in
 * @param writesPerAddress requests that change something, by address
 * @param writesPerAccount the same, by account
 * @param readsPerAddress all other requests, by address
 * @param readsPerAccount the same, by account
 * @param streamsPerAddress how often an address may open a stream
 * @param streamsPerAccount the same, by account
 * @param redisTimeout how long Redis may take before an instance counts by itself
 */
@Validated
@ConfigurationProperties("freshet.limits")
record LimitSettings(
        @DefaultValue({"127.0.0.0/8", "::1"}) List<Network> exempt,
        @NotNull @DefaultValue("100/5m") Budget signInPerAddress,
        @NotNull @DefaultValue("30/5m") Budget signInPerAccount,
        @NotNull @DefaultValue("6000/1m") Budget writesPerAddress,
        @NotNull @DefaultValue("3000/1m") Budget writesPerAccount,
        @NotNull @DefaultValue("30000/1m") Budget readsPerAddress,
        @NotNull @DefaultValue("12000/1m") Budget readsPerAccount,
        @NotNull @DefaultValue("6000/1m") Budget streamsPerAddress,
        @NotNull @DefaultValue("600/1m") Budget streamsPerAccount,

        @NotNull @DurationMin(millis = 1) @DefaultValue("50ms")
        Duration redisTimeout) {

    LimitSettings {
        exempt = List.copyOf(exempt);
    }
}
