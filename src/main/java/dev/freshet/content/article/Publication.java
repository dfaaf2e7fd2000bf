package dev.freshet.content.article;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of an article's publication, and the rules for its transitions.
 *
 * <ul>
 *   <li>A draft can be scheduled, published or withdrawn.
 *   <li>A scheduled article can return to draft, be rescheduled, published or withdrawn.
 *   <li>A published article can only be withdrawn.
 *   <li>Withdrawal is final.
 * </ul>
 *
 * @param publishedAt when it was or will be published; null for a draft without a time
 * @param updatedAt the time of the last change of the article
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Publication(Status status, @Nullable Instant publishedAt, Instant updatedAt) {

    /** Returns the state of a new article: a draft unless its author sets a status. */
    static Publication initial(ArticleDraft draft, Instant now) {
        return checked(Objects.requireNonNullElse(draft.status(), Status.DRAFT), time(draft), now);
    }

    /** Returns the state of a new imported article: published unless its time is in the future. */
    static Publication imported(ArticleDraft draft, Instant now) {
        var time = time(draft);
        var usual = time != null && time.isAfter(now) ? Status.SCHEDULED : Status.PUBLISHED;
        return checked(Objects.requireNonNullElse(draft.status(), usual), time, now);
    }

    /** Returns the state after an update. Fields that the draft omits keep their values. */
    Publication next(ArticleDraft draft, Instant now) {
        var newStatus = Objects.requireNonNullElse(draft.status(), status);
        var newTime = time(draft);
        if (status == Status.PUBLISHED) {
            if (newStatus == Status.DRAFT || newStatus == Status.SCHEDULED) {
                throw Problem.ILLEGAL_STATUS.because("A published article can only be changed or withdrawn.");
            }
            return checked(newStatus, newTime == null ? publishedAt : newTime, now);
        }
        if (newStatus == Status.SCHEDULED && status == Status.SCHEDULED) {
            var time = newTime == null ? publishedAt : newTime;
            // An unchanged time may have become due during the update, so it is not checked again.
            return Objects.equals(time, publishedAt) ? move(newStatus, time, now) : checked(newStatus, time, now);
        }
        if (newStatus == Status.PUBLISHED && newTime != null && newTime.equals(publishedAt) && newTime.isAfter(now)) {
            return move(newStatus, now, now);
        }
        return checked(newStatus, newTime, now);
    }

    /** Returns a state without checks. */
    Publication move(Status newStatus, @Nullable Instant newTime, Instant now) {
        return new Publication(newStatus, newTime, now);
    }

    /** Compares status and time of publication. */
    boolean hasSameStateAs(Publication other) {
        return status == other.status && Objects.equals(publishedAt, other.publishedAt);
    }

    private static Publication checked(Status status, @Nullable Instant time, Instant now) {
        return switch (status) {
            case DRAFT -> new Publication(status, time, now);
            case SCHEDULED -> {
                if (time == null || !time.isAfter(now)) {
                    throw invalid("publishedAt", "must be in the future when status is scheduled");
                }
                yield new Publication(status, time, now);
            }
            case PUBLISHED -> {
                if (time != null && time.isAfter(now)) {
                    throw invalid("publishedAt", "is in the future: set status to scheduled, or omit publishedAt");
                }
                yield new Publication(status, time == null ? now : time, now);
            }
            case WITHDRAWN -> throw invalid("status", "cannot be set to withdrawn: use DELETE");
        };
    }

    /** Returns the draft's time in PostgreSQL's precision. */
    private static @Nullable Instant time(ArticleDraft draft) {
        return draft.publishedAt() == null ? null : draft.publishedAt().truncatedTo(ChronoUnit.MICROS);
    }

    private static RuntimeException invalid(String field, String message) {
        return Problem.invalid(List.of(new Invalid(field, message)));
    }
}
