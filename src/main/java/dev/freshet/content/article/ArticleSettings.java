package dev.freshet.content.article;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of articles.
 *
 * @param samples whether a first start loads sample articles into an empty database
 * @param tags how many tags an article may have; one that has more keeps them until it is changed
 */
@Validated
@ConfigurationProperties("freshet")
record ArticleSettings(
        @DefaultValue("true") boolean samples,
        @Min(1) @Max(1000) @DefaultValue("20") int tags,
        @Valid @DefaultValue Publishing publishing,
        @Valid @DefaultValue Schedule schedule,
        @Valid @DefaultValue Idempotency idempotency,
        @Valid @DefaultValue Rendering rendering) {

    /**
     * @param waiting how many new articles may wait to be written; further ones are refused until there is room
     * @param longest how long a commit of new articles may take before it is given up
     */
    record Publishing(
            @Min(1) @Max(100_000) @DefaultValue("1000") int waiting,

            @DurationMin(millis = 100) @DefaultValue("30s") Duration longest) {}

    /**
     * @param interval how often scheduled articles are looked for, and so how late they may be
     */
    record Schedule(
            @DurationMin(millis = 10) @DefaultValue("500ms") Duration interval) {}

    /**
     * @param retention how long the answer to a request with an Idempotency-Key is kept, at least
     */
    record Idempotency(
            @DurationMin(seconds = 1) @DefaultValue("24h") Duration retention) {}

    /**
     * @param threads how many threads render larger articles
     */
    record Rendering(@Min(1) @Max(64) @DefaultValue("2") int threads) {}
}
