package dev.freshet.read.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedEffect;
import dev.freshet.feed.Languages;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastChangesTests {

    private static final long EPOCH = 7;
    private static final List<String> LANGUAGES = List.of("en", "de", "pt");
    private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
    private static final Feed BIRDS = new Feed("birds", null, null, null);

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 30, 10_000})
    void page_isOutdated_afterAnyMatchingEvent(int capacity) {
        var random = new Random(capacity);
        for (var run = 0; run < 50; run++) {
            var changes = startedChanges(capacity);
            var log = new ArrayList<LogEntry>();
            for (var seq = 1; seq <= 60; seq++) {
                var entry = entry(seq, facets(random), random.nextInt(3) == 0 ? facets(random) : null);
                log.add(entry);
                changes.entries(List.of(entry));
                var feed = feed(random);
                var readAt = random.nextInt(seq + 1);
                var valid = log.stream().noneMatch(each -> each.seq() > readAt && concerns(each, feed));
                var current = isCurrent(changes, feed, at(readAt), null);
                assertThat(current && !valid)
                        .as("%s read at %s, current", feed, readAt)
                        .isFalse();
                // An event of the names and another one of the language make a feed of both outdated.
                if (capacity == 10_000
                        && (feed.languages().any().isEmpty() || feed.ofNames().equals(Feed.ALL))) {
                    assertThat(current).as("%s read at %s", feed, readAt).isEqualTo(valid);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 10_000})
    void pageOfAPeriod_isOutdatedByItsArticlesAlone(int capacity) {
        var random = new Random(capacity);
        var kept = 0;
        for (var run = 0; run < 100; run++) {
            var changes = startedChanges(capacity);
            var log = new ArrayList<LogEntry>();
            var followed = 0;
            for (var seq = 1; seq <= 60; seq++) {
                var before = random.nextInt(8) == 0 ? facets(random) : null;
                log.add(entry(seq, facets(random), before, START.plusSeconds(random.nextInt(50))));
                // This instance commits some entries, and so knows them before the tail reports them.
                changes.committed(EPOCH, List.of(log.getLast()));
                if (random.nextInt(4) == 0) {
                    changes.entries(log.subList(followed, seq));
                    followed = seq;
                }
                var feed = feed(random);
                var readAt = at(random.nextInt(seq + 1));
                var from = START.plusSeconds(random.nextInt(50));
                var period = new PublicationPeriod(from, from.plusSeconds(random.nextInt(10)));
                var isChanged = log.stream()
                        .anyMatch(each -> each.seq() > readAt.seq()
                                && concerns(each, feed)
                                && (each.before() != null || period.contains(time(each))));
                var current = changes.isCurrent(feed, readAt, period, null);
                assertThat(current && isChanged)
                        .as("%s of %s, read at %s, current", feed, period, readAt)
                        .isFalse();
                kept += current && !isCurrent(changes, feed, readAt, null) ? 1 : 0;
            }
        }
        // Otherwise, periods have no effect.
        assertThat(kept).isGreaterThan(100);
    }

    @Test
    void pageOfAPeriod_endsAfterManyEvents() {
        var changes = startedChanges(10_000);
        var period = new PublicationPeriod(START, START.plusSeconds(9));
        for (var seq = 1; seq <= 512; seq++) {
            changes.entries(List.of(entry(seq, tagged("birds"), null, START.plusSeconds(10))));
            assertThat(changes.isCurrent(BIRDS, at(0), period, null)).isTrue();
        }
        changes.entries(List.of(entry(513, tagged("birds"), null, START.plusSeconds(10))));
        assertThat(changes.isCurrent(BIRDS, at(0), period, null)).isFalse();
        assertThat(changes.isCurrent(BIRDS, at(1), period, null)).isTrue();
        changes.entries(List.of(entry(514, tagged("birds"), null, START.plusSeconds(9))));
        assertThat(changes.isCurrent(BIRDS, at(513), period, null)).isFalse();
    }

    @Test
    void feedsWithLongNames_areForgottenEarlier() {
        assertThat(pageOfTheFirstTagIsCurrent("x")).isTrue();
        assertThat(pageOfTheFirstTagIsCurrent("x".repeat(490))).isFalse();
    }

    /** Returns whether a page of the first of 40 feeds is current, in a memory for many more feeds. */
    private static boolean pageOfTheFirstTagIsCurrent(String prefix) {
        var changes = startedChanges(1_000);
        for (var i = 1; i <= 40; i++) {
            changes.entries(List.of(entry(i, new Facets(List.of(prefix + i), prefix, prefix, "en"), null)));
        }
        // The feed that changed last is known in any case.
        assertThat(isCurrent(changes, new Feed(prefix + 40, null, null, null), at(40), null))
                .isTrue();
        assertThat(isCurrent(changes, new Feed(prefix + 40, null, null, null), at(39), null))
                .isFalse();
        return isCurrent(changes, new Feed(prefix + 1, null, null, null), at(1), null);
    }

    @Test
    void search_isOutdatedWithItsFeed() {
        var changes = startedChanges(100);
        var search = new Feed("birds", null, null, "heron");
        changes.entries(List.of(entry(1, new Facets(List.of("fish"), "a", "s", "en"), null)));
        assertThat(isCurrent(changes, search, at(0), null)).isTrue();
        changes.entries(List.of(entry(2, new Facets(List.of("birds"), "a", "s", "en"), null)));
        assertThat(isCurrent(changes, search, at(1), null)).isFalse();
    }

    @Test
    void pageOfALanguage_isOutdatedByItsArticlesAlone() {
        var changes = startedChanges(100);
        var page = Feed.ALL.in(of("pt-BR"));
        changes.entries(List.of(entry(1, new Facets(List.of(), "a", "s", "en-GB"), null)));
        assertThat(isCurrent(changes, page, at(0), null)).isTrue();
        changes.entries(List.of(entry(2, new Facets(List.of(), "a", "s", "pt-BR"), null)));
        assertThat(isCurrent(changes, page, at(1), null)).isFalse();
        changes.entries(List.of(entry(3, new Facets(List.of(), "a", "s", null), null)));
        assertThat(isCurrent(changes, page, at(2), null)).isFalse();
        assertThat(isCurrent(changes, page, at(3), null)).isTrue();
    }

    @Test
    void floor_mustBeReachedByInstanceOrPage() {
        var changes = startedChanges(100);
        changes.entries(List.of(entry(1, new Facets(List.of("fish"), "a", "s", "en"), null)));
        assertThat(isCurrent(changes, BIRDS, at(0), at(1))).isTrue();
        assertThat(isCurrent(changes, BIRDS, at(0), at(2))).isFalse();
        assertThat(isCurrent(changes, BIRDS, at(2), at(2))).isTrue();
        assertThat(isCurrent(changes, BIRDS, at(0), new Cursor(EPOCH + 1, 99))).isTrue();
    }

    @Test
    void ownCommit_outdatesPagesBeforeTheTail() {
        var changes = startedChanges(100);
        changes.committed(EPOCH, List.of(entry(4, tagged("fish"), null), entry(5, tagged("birds"), null)));
        assertThat(isCurrent(changes, BIRDS, at(4), null)).isFalse();
        assertThat(isCurrent(changes, BIRDS, at(5), null)).isTrue();
        assertThat(isCurrent(changes, new Feed("fish", null, null, null), at(4), null))
                .isTrue();
    }

    @Test
    void eventBeforeAnOwnCommit_outdatesPagesToo() {
        var changes = startedChanges(100);
        changes.committed(EPOCH, List.of(entry(2, tagged("fish"), null)));
        changes.entries(List.of(entry(1, tagged("birds"), null), entry(2, tagged("fish"), null)));
        assertThat(isCurrent(changes, BIRDS, at(0), null)).isFalse();
        assertThat(isCurrent(changes, BIRDS, at(1), null)).isTrue();
        changes.committed(EPOCH, List.of(entry(3, tagged("birds"), null)));
        changes.entries(List.of(entry(3, tagged("birds"), null), entry(4, tagged("fish"), null)));
        assertThat(isCurrent(changes, BIRDS, at(2), null)).isFalse();
        assertThat(isCurrent(changes, new Feed("fish", null, null, null), at(3), null))
                .isFalse();
    }

    @Test
    void noPageIsCurrent_beforeTheTailBegins() {
        var changes = new LastChanges(100);
        assertThat(isCurrent(changes, BIRDS, at(9), null)).isFalse();
        changes.begin(at(5));
        assertThat(isCurrent(changes, BIRDS, at(4), null)).isFalse();
        assertThat(isCurrent(changes, BIRDS, at(5), null)).isTrue();
        assertThat(isCurrent(changes, BIRDS, new Cursor(EPOCH + 1, 5), null)).isFalse();
    }

    /** Returns whether a page that depends on all articles is current. */
    private static boolean isCurrent(LastChanges changes, Feed feed, Cursor readAt, @Nullable Cursor floor) {
        return changes.isCurrent(feed, readAt, PublicationPeriod.ALL, floor);
    }

    private static LastChanges startedChanges(int feeds) {
        var changes = new LastChanges(feeds);
        changes.begin(at(0));
        return changes;
    }

    private static Cursor at(long seq) {
        return new Cursor(EPOCH, seq);
    }

    private static boolean concerns(LogEntry entry, Feed feed) {
        return feed.effect(entry) != FeedEffect.NONE;
    }

    private static Feed feed(Random random) {
        return new Feed(
                        random.nextBoolean() ? null : "t" + random.nextInt(4),
                        random.nextBoolean() ? null : "a" + random.nextInt(3),
                        random.nextBoolean() ? null : "s" + random.nextInt(2),
                        null)
                .in(random.nextBoolean() ? Languages.ALL : of(language(random)));
    }

    private static Languages of(@Nullable String language) {
        return language == null ? Languages.ALL : new Languages(List.of(language), List.of());
    }

    private static @Nullable String language(Random random) {
        return random.nextInt(8) == 0 ? null : LANGUAGES.get(random.nextInt(LANGUAGES.size()));
    }

    private static Facets facets(Random random) {
        var tags = random.ints(random.nextInt(4), 0, 4)
                .distinct()
                .mapToObj(tag -> "t" + tag)
                .toList();
        return new Facets(tags, "a" + random.nextInt(3), "s" + random.nextInt(2), language(random));
    }

    private static LogEntry entry(long seq, Facets now, @Nullable Facets before) {
        return entry(seq, now, before, START);
    }

    private static LogEntry entry(long seq, Facets now, @Nullable Facets before, Instant publishedAt) {
        var type = before == null ? EventType.PUBLISHED : EventType.UPDATED;
        var article = "{\"tags\":[\"publishedAt\"],\"publishedAt\":\"" + publishedAt + "\"}";
        return new LogEntry(seq, 0, type, UUID.randomUUID(), now, before, article, null);
    }

    private static Instant time(LogEntry entry) {
        return Objects.requireNonNull(LastChanges.publishedAt(entry.article()));
    }

    private static Facets tagged(String tag) {
        return new Facets(List.of(tag), "a", "s", "en");
    }
}
