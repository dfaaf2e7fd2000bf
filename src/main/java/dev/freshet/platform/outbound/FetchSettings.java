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

/**
 * Limits on fetching addresses that users name.
 *
 * @param allow hosts, addresses and networks that may be fetched though they are not public, on any port: {@code
 *      feeds.intern.example}, {@code 10.1.2.3}, {@code 10.0.0.0/8}
 * @param maxSize maximum size of a response, decompressed
 * @param silence maximum time to connect, and between two parts of a response
 * @param longest maximum time of a whole fetch
 * @param redirects maximum number of redirects
 * @param atOnce maximum number of concurrent fetches
 */
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
