package dev.freshet.content.source;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of sources.
 *
 * @param maxPerAccount maximum sources of an account
 * @param atOnce maximum sources that an instance polls at the same time
 * @param failingAfter failed polls in a row after which a source is reported as failing
 * @param interval the times between polls
 * @param request the bounds of a poll
 */
@ConfigurationProperties("freshet.sources")
record SourceSettings(
        @Min(0) @Max(1_000_000) @DefaultValue("1000") int maxPerAccount,
        @Min(1) @Max(1000) @DefaultValue("16") int atOnce,
        @Min(1) @Max(100) @DefaultValue("3") int failingAfter,
        @Valid @DefaultValue Interval interval,
        @Valid @DefaultValue Request request) {

    /**
     * The times between polls.
     *
     * @param min minimum time between two polls of a source, and the time until the first repetition of a failed one
     * @param first adaptive time between the first two polls
     * @param max maximum adaptive time, and maximum time for which a server can postpone a poll
     * @param host minimum time between two polls of one host
     */
    record Interval(
            @NotNull @DurationMin(millis = 1) @DurationMax(days = 1) @DefaultValue("5m")
            Duration min,

            @NotNull @DurationMin(millis = 1) @DurationMax(days = 30) @DefaultValue("30m")
            Duration first,

            @NotNull @DurationMin(millis = 1) @DurationMax(days = 30) @DefaultValue("24h")
            Duration max,

            @NotNull @DurationMin @DurationMax(minutes = 1) @DefaultValue("500ms")
            Duration host) {}

    /**
     * The bounds of a poll.
     *
     * @param timeout maximum time of a request with its redirects
     * @param maxSize maximum size of a document, decompressed
     * @param maxEntries maximum entries of a document; the newest are read
     * @param userAgent the value of {@code User-Agent}
     */
    record Request(
            @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 10) @DefaultValue("30s")
            Duration timeout,

            @NotNull @DefaultValue("8MB") DataSize maxSize,
            @Min(1) @Max(100_000) @DefaultValue("1000") int maxEntries,
            @NotBlank @DefaultValue("Freshet") String userAgent) {

        Request {
            if (maxSize.toBytes() < 1
                    || maxSize.toBytes() > DataSize.ofMegabytes(256).toBytes()) {
                throw new IllegalArgumentException(
                        "freshet.sources.request.max-size must be 1B to 256MB, but is " + maxSize);
            }
        }
    }
}
