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

/**
 * Settings of pages.
 *
 * @param publicUrl the public address of this service, such as {@code https://news.example}, with which absolute links
 *      in feeds begin. By default they begin with the address of each request
 * @param memory bytes of rendered pages that an instance caches outside the heap
 * @param feeds number of feeds whose last change an instance knows, fewer if their names exceed 100 characters on average;
 *      pages of other feeds are read again after a while
 * @param kept time to live of a page in Redis. It bounds memory and never affects correctness
 * @param redisTimeout maximum time of a Redis command, after which a page is read from PostgreSQL
 */
@ConfigurationProperties("freshet.pages")
record PageSettings(
        @Nullable URI publicUrl,
        @NotNull @DefaultValue("64MB") DataSize memory,
        @Min(1) @Max(10_000_000) @DefaultValue("100000") int feeds,
        @DurationMin(seconds = 1) @DefaultValue("10m") Duration kept,

        @DurationMin(millis = 1) @DurationMax(seconds = 10) @DefaultValue("50ms")
        Duration redisTimeout) {}
