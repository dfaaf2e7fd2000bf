package dev.freshet.platform.outbound;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What addresses that users name are fetched, and how far.
 *
 * @param allow hosts, addresses and networks that are fetched though they aren't public, on any port: {@code
 *     feeds.intern.example}, {@code 10.1.2.3}, {@code 10.0.0.0/8}
 * @param maxSize the most bytes of an answer, unpacked
 * @param silence how long a server may take to connect, and between any two parts of its answer
 * @param longest how long all of it may take
 * @param redirects how many are followed
 * @param atOnce how many addresses are fetched at once
 */
@Validated
@ConfigurationProperties("freshet.fetch")
record FetchSettings(
        @DefaultValue List<String> allow,
        @NotNull @DefaultValue("64MB") DataSize maxSize,

        @NotNull @DurationMin(millis = 100) @DefaultValue("10s")
        Duration silence,

        @NotNull @DurationMin(millis = 100) @DefaultValue("5m")
        Duration longest,

        @Min(0) @Max(20) @DefaultValue("5") int redirects,
        @Min(1) @Max(1000) @DefaultValue("8") int atOnce) {}
