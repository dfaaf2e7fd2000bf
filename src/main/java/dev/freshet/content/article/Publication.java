package dev.freshet.content.article;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where an article is to be in its life, and since or from when: what may follow what. */
record Publication(Status status, @Nullable Instant publishedAt) {

    /** The beginning of an article's life: a draft unless its author says more. */
    static Publication begin(ArticleDraft draft, Instant now) {
        return of(Objects.requireNonNullElse(draft.status(), Status.DRAFT), time(draft), now);
    }

    /** The beginning of an imported article's life: published unless its time is yet to come. */
    static Publication imported(ArticleDraft draft, Instant now) {
        var time = time(draft);
        var usual = time != null && time.isAfter(now) ? Status.SCHEDULED : Status.PUBLISHED;
        return of(Objects.requireNonNullElse(draft.status(), usual), time, now);
    }

    /** What follows; what a draft leaves out stays as it is. */
    static Publication next(Article article, ArticleDraft draft, Instant now) {
        var status = Objects.requireNonNullElse(draft.status(), article.status());
        var known = article.publishedAt();
        var given = time(draft);
        if (article.status() == Status.PUBLISHED) {
            if (status == Status.DRAFT || status == Status.SCHEDULED) {
                throw Problem.ILLEGAL_STATUS.because("A published article can be changed or withdrawn, nothing else.");
            }
            return of(status, given == null ? known : given, now);
        }
        if (status == Status.SCHEDULED && article.status() == Status.SCHEDULED) {
            var time = given == null ? known : given;
            // It may be due while it is changed.
            return Objects.equals(time, known) ? new Publication(status, known) : of(status, time, now);
        }
        if (status == Status.PUBLISHED && given != null && given.equals(known) && given.isAfter(now)) {
            return new Publication(status, now);
        }
        return of(status, given, now);
    }

    private static Publication of(Status status, @Nullable Instant time, Instant now) {
        return switch (status) {
            case DRAFT -> new Publication(status, time);
            case SCHEDULED -> {
                if (time == null || !time.isAfter(now)) {
                    throw invalid("publishedAt", "must be in the future where status is scheduled");
                }
                yield new Publication(status, time);
            }
            case PUBLISHED -> {
                if (time != null && time.isAfter(now)) {
                    throw invalid("publishedAt", "is in the future: make status scheduled, or leave publishedAt out");
                }
                yield new Publication(status, time == null ? now : time);
            }
            case WITHDRAWN -> throw invalid("status", "can't be set to withdrawn: use DELETE");
        };
    }

    private static @Nullable Instant time(ArticleDraft draft) {
        // What PostgreSQL keeps.
        return draft.publishedAt() == null ? null : draft.publishedAt().truncatedTo(ChronoUnit.MICROS);
    }

    private static RuntimeException invalid(String field, String message) {
        return Problem.invalid(List.of(new Invalid(field, message)));
    }
}
