package dev.freshet.content.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.format.FeedHints;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The times between polls, at the middle of their jitter. */
class PollScheduleTests {

    private static final SourceSettings.Interval SETTINGS = new SourceSettings.Interval(
            Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofDays(1), Duration.ofMillis(500));
    // A Saturday.
    private static final Instant NOW = Instant.parse("2026-01-03T22:10:00Z");

    private final PollSchedule schedule = new PollSchedule(SETTINGS, () -> 0.5);

    @ParameterizedTest
    @CsvSource({"PT1H, true, PT30M", "PT1H, false, PT75M", "PT6M, true, PT5M", "PT23H, false, P1D"})
    void adaptivePeriodFollowsNews(Duration present, boolean hasNews, Duration next) {
        assertThat(schedule.period(present, hasNews)).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
        // interval, max-age, ttl, expected
        "PT1H, , , PT1H",
        "PT1M, , , PT5M",
        "PT1H, PT2H, , PT126M",
        "PT1H, PT10M, , PT1H",
        "PT1H, , PT4H, PT252M",
        "PT1H, P365D, , PT1512M"
    })
    void serversAndFeedsPostponePolls(Duration interval, Duration maxAge, Duration ttl, Duration expected) {
        var hints = new FeedHints(ttl, Set.of(), Set.of(), null, null);
        assertThat(schedule.afterSuccess(interval, maxAge, hints, NOW)).isEqualTo(expected);
    }

    @Test
    void jitterSpreadsPolls() {
        assertThat(new PollSchedule(SETTINGS, () -> 0).afterSuccess(Duration.ofHours(1), null, FeedHints.NONE, NOW))
                .isEqualTo(Duration.ofMinutes(54));
        assertThat(new PollSchedule(SETTINGS, () -> 0.999999)
                        .afterSuccess(Duration.ofHours(1), null, FeedHints.NONE, NOW))
                .isBetween(Duration.ofMinutes(65), Duration.ofMinutes(66));
    }

    @Test
    void skippedHoursAndDaysAreLeftOut() {
        var hours = new FeedHints(null, Set.of(23, 0, 1), Set.of(), null, null);
        assertThat(schedule.afterSuccess(Duration.ofHours(1), null, hours, NOW))
                .isEqualTo(Duration.between(NOW, Instant.parse("2026-01-04T02:30:00Z")));
        var days = new FeedHints(null, Set.of(), Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), null, null);
        assertThat(schedule.afterSuccess(Duration.ofHours(1), null, days, NOW))
                .isEqualTo(Duration.between(NOW, Instant.parse("2026-01-05T00:30:00Z")));
    }

    @Test
    void failuresBackOff() {
        assertThat(List.of(1, 2, 3, 20).stream()
                        .map(failures -> schedule.afterFailure(failures, null))
                        .toList())
                .containsExactly(
                        Duration.ofSeconds(225),
                        Duration.ofSeconds(450),
                        Duration.ofSeconds(900),
                        Duration.ofHours(18));
        assertThat(schedule.afterFailure(1, Duration.ofHours(2))).isEqualTo(Duration.ofMinutes(126));
    }

    @Test
    void allHoursAreNotSkippedForEver() {
        var all = IntStream.range(0, 24).boxed().collect(Collectors.toSet());
        var hints = new FeedHints(null, all, Set.of(), null, null);
        assertThat(schedule.afterSuccess(Duration.ofHours(1), null, hints, NOW)).isLessThan(Duration.ofDays(9));
    }
}
