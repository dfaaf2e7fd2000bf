package dev.freshet.limit;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much a client may ask for. A budget such as {@code 600/1m} is a bucket of 600 that fills in a minute; {@code off} is
 * none.
 *
 * @param trustedProxies the networks of the proxies whose word on a client's address, scheme and host is taken
 * @param proxyHeader where they say it; the other one is ignored, since a proxy may pass on what its client wrote there
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
 * @param headTime how long the head of a request may take from its first byte on; HTTP/1.1 alone
 * @param bodyTime how long a server waits for a request's body, in all, beside the time that it takes at bodyRate
 * @param bodyRate how much of a body must come in a second, on average
 * @param importPause how long the body of an import, which may take for ever, may pause
 */
@Validated
@ConfigurationProperties("freshet.limits")
record LimitSettings(
        @DefaultValue List<Network> trustedProxies,
        @NotNull @DefaultValue("x-forwarded-for") ProxyHeader proxyHeader,
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
        Duration redisTimeout,

        @NotNull @DurationMin(millis = 100) @DefaultValue("10s")
        Duration headTime,

        @NotNull @DurationMin(millis = 100) @DefaultValue("20s")
        Duration bodyTime,

        @NotNull @DefaultValue("1KB") DataSize bodyRate,

        @NotNull @DurationMin(millis = 100) @DefaultValue("2m")
        Duration importPause) {

    LimitSettings {
        trustedProxies = List.copyOf(trustedProxies);
        exempt = List.copyOf(exempt);
        if (bodyRate.toBytes() < 1) {
            throw new IllegalArgumentException("freshet.limits.body-rate must be 1B or more, but is " + bodyRate);
        }
    }

    /** Where a proxy says whom it speaks for. */
    enum ProxyHeader {
        /** {@code X-Forwarded-For}, and beside it {@code -Proto}, {@code -Host} and {@code -Port}. */
        X_FORWARDED_FOR,
        /** {@code Forwarded} (RFC 7239). */
        FORWARDED
    }
}
