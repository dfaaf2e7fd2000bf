package dev.freshet.read.page;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How pages of feeds are kept and sent.
 *
 * @param publicUrl what readers reach this service by, such as {@code https://news.example}: feed readers get absolute
 *     links that begin with it. Without it they begin with the address of each request
 * @param memory how many bytes of finished pages an instance holds, outside the heap
 * @param feeds of how many feeds an instance knows the last change; a page of any other is read anew after a while
 * @param kept how long Redis keeps a page that nobody renews. It costs memory only, never correctness
 * @param redisTimeout how long Redis may take before a page is read from PostgreSQL instead
 */
@Validated
@ConfigurationProperties("freshet.pages")
record PageSettings(
        @Nullable URI publicUrl,
        @NotNull @DefaultValue("64MB") DataSize memory,
        @Min(1) @Max(10_000_000) @DefaultValue("100000") int feeds,
        @DurationMin(seconds = 1) @DefaultValue("10m") Duration kept,

        @DurationMin(millis = 1) @DurationMax(seconds = 10) @DefaultValue("50ms")
        Duration redisTimeout) {}
