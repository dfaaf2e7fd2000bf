package dev.freshet.content.article;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of articles. They share the prefix with the settings of the whole program, which lower layers need.
 *
 * @param samples whether to load sample articles into an empty database at start
 * @param tags the maximum number of tags of an article; existing articles keep theirs until they are changed
 */
@ConfigurationProperties("freshet")
record ArticleSettings(
        @DefaultValue("true") boolean samples,
        @Min(1) @Max(1000) @DefaultValue("20") int tags,
        @Valid @DefaultValue Publishing publishing,
        @Valid @DefaultValue Schedule schedule,
        @Valid @DefaultValue IdempotencyKeys idempotency,
        @Valid @DefaultValue Rendering rendering) {

    /**
     * Creation of articles.
     *
     * @param waiting the maximum number of queued new articles; further requests get 503
     * @param longest the time limit of a commit of new articles
     */
    record Publishing(
            @Min(1) @Max(100_000) @DefaultValue("1000") int waiting,

            @DurationMin(millis = 100) @DefaultValue("30s") Duration longest) {}

    /**
     * Scheduled publication.
     *
     * @param interval interval between publications of due articles, which bounds their delay
     */
    record Schedule(
            @DurationMin(millis = 10) @DefaultValue("500ms") Duration interval) {}

    /**
     * Requests with an Idempotency-Key.
     *
     * @param retention the minimum time for which their responses are stored
     */
    record IdempotencyKeys(
            @DurationMin(seconds = 1) @DefaultValue("24h") Duration retention) {}

    /**
     * Rendering of Markdown.
     *
     * @param threads the number of threads that render longer articles
     */
    record Rendering(@Min(1) @Max(64) @DefaultValue("2") int threads) {}
}
