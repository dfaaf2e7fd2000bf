package dev.freshet.content.source;

import dev.freshet.content.intake.ImportLine;
import dev.freshet.content.source.PollReport.Entry;
import dev.freshet.content.source.PollReport.Next;
import dev.freshet.content.source.PollReport.Place;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Turns outcomes of polls into reports, with the time of the next poll. */
final class Reports {

    private static final ImportLine.Counts NOTHING = new ImportLine.Counts(0, 0, 0, 0, 0, 0);
    private static final int NOT_FOUND = 404;
    private static final double MILLIS = 1000;
    private static final int MAX_REASON_LENGTH = 500;

    private final PollSchedule schedule;
    private final SourceCodec codec;
    private final int failingAfter;

    /** @param failingAfter failed polls in a row after which a source is failing */
    Reports(PollSchedule schedule, SourceCodec codec, int failingAfter) {
        this.schedule = schedule;
        this.codec = codec;
        this.failingAfter = failingAfter;
    }

    /**
     * Returns the report of a poll.
     *
     * @param source as it was at the begin of the poll
     * @param time the duration of the poll
     */
    PollReport of(SourceRow source, PollOutcome outcome, Duration time, Instant now) {
        var millis = time.toMillis();
        return switch (outcome) {
            case PollOutcome.Read read -> success(source, read, millis, now);
            case PollOutcome.Found found ->
                new PollReport(
                        Entry.of(
                                found.status(),
                                NOTHING,
                                millis,
                                reason("The page names the feed " + found.feed() + ".")),
                        new Next(0, source.period(), true, false, false),
                        Place.of(source, found.feed().toString(), SourceRow.host(found.feed())));
            case PollOutcome.Failed failed -> failure(source, failed, millis);
            case PollOutcome.Gone gone ->
                new PollReport(
                        Entry.of(gone.status(), NOTHING, millis, reason(gone.reason())),
                        new Next(0, source.period(), false, false, true),
                        Place.of(source));
        };
    }

    private PollReport success(SourceRow source, PollOutcome.Read read, long millis, Instant now) {
        var period = source.fixed() == null ? schedule.period(source.interval(), read.hasNews()) : source.interval();
        var state = read.state();
        var delay = schedule.afterSuccess(period, read.maxAge(), state.hints(), now);
        var host = SourceRow.host(read.feed());
        return new PollReport(
                Entry.of(read.status(), read.counts(), millis, reason(read.reason())),
                new Next(
                        seconds(delay), source.fixed() == null ? seconds(period) : source.period(), true, false, false),
                new Place(
                        read.feed().toString(),
                        host,
                        !host.equals(source.host()),
                        state.etag(),
                        state.lastModified(),
                        state.body(),
                        SourceCodec.digests(state.entries()),
                        codec.text(state.hints())));
    }

    private PollReport failure(SourceRow source, PollOutcome.Failed failed, long millis) {
        var failures = source.failures() + 1;
        var isFailing = failures >= failingAfter;
        var delay = schedule.afterFailure(failures, failed.retryAfter());
        return new PollReport(
                Entry.of(failed.status(), NOTHING, millis, reason(failed.reason())),
                new Next(seconds(delay), source.period(), false, isFailing, false),
                isFailing && isLost(source, failed)
                        ? Place.of(source, null, SourceRow.host(URI.create(source.url())))
                        : Place.of(source));
    }

    /** Returns whether the feed has to be found again from the address that the owner gave. */
    private static boolean isLost(SourceRow source, PollOutcome.Failed failed) {
        return source.feed() != null
                && !source.feed().equals(source.url())
                && Integer.valueOf(NOT_FOUND).equals(failed.status());
    }

    private static double seconds(Duration time) {
        return (double) time.toMillis() / MILLIS;
    }

    private static @Nullable String reason(@Nullable String reason) {
        return reason == null || reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH);
    }
}
