package dev.freshet.platform.http;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of every request, and the proxies in front of the server. Rate limits share the prefix, but their record is in the
 * package {@code limit}, which this layer cannot use.
 *
 * @param trustedProxies networks of the proxies whose forwarded headers are honoured
 * @param proxyHeader the header family that these proxies write. The other one is ignored, since a proxy may pass on
 *     what its client sent
 * @param headTime maximum time from the first byte of a request until its headers are complete
 * @param bodyTime maximum time that the server waits for a request body, beside the time allowed by bodyRate
 * @param bodyRate minimum average rate of a request body, in bytes per second
 * @param importPause maximum pause within the body of an import, which may last for any time
 */
@ConfigurationProperties("freshet.limits")
record RequestSettings(
        @DefaultValue List<IpNetwork> trustedProxies,
        @NotNull @DefaultValue("x-forwarded-for") ProxyHeader proxyHeader,

        @NotNull @DurationMin(millis = 100) @DefaultValue("10s")
        Duration headTime,

        @NotNull @DurationMin(millis = 100) @DefaultValue("20s")
        Duration bodyTime,

        @NotNull @DefaultValue("1KB") DataSize bodyRate,

        @NotNull @DurationMin(millis = 100) @DefaultValue("2m")
        Duration importPause) {

    RequestSettings {
        trustedProxies = List.copyOf(trustedProxies);
        if (bodyRate.toBytes() < 1) {
            throw new IllegalArgumentException("freshet.limits.body-rate must be 1B or more, but is " + bodyRate);
        }
    }

    /** The header family that carries the client's address, scheme and host. */
    enum ProxyHeader {
        /** {@code X-Forwarded-For}, with {@code -Proto}, {@code -Host} and {@code -Port}. */
        X_FORWARDED_FOR,
        /** {@code Forwarded} (RFC 7239). */
        FORWARDED
    }
}
