package dev.freshet.log.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Own commits at a follower without Redis, on a log in memory and in virtual time. */
class OwnCommitsTests {

    private static final long EPOCH = 7;
    private static final Duration GRACE = Duration.ofMillis(50);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FeedLog log = Mockito.mock(FeedLog.class);
    private final OwnCommits own = new OwnCommits();
    private final Sinks.Many<TailSignal> hints = Sinks.many().unicast().onBackpressureBuffer();
    private final List<LogEntry> stored = new CopyOnWriteArrayList<>();
    private final List<Long> delivered = new CopyOnWriteArrayList<>();
    private Disposable following = () -> {};

    @BeforeEach
    void follow() {
        Mockito.when(log.extent()).thenAnswer(call -> Mono.just(new Extent(EPOCH, 1, stored.size())));
        Mockito.when(log.read(ArgumentMatchers.anyLong(), ArgumentMatchers.anyInt()))
                .thenAnswer(call -> Flux.fromIterable(stored)
                        .skip(call.<Long>getArgument(0))
                        .take(call.<Integer>getArgument(1)));
        var postgres = Mockito.mock(Tail.class);
        Mockito.when(postgres.listen(ArgumentMatchers.any())).thenReturn(hints.asFlux());
        var settings = new TailSettings(Duration.ofSeconds(1), GRACE, 100);
        following = new Follower(new FollowerResources(log, List.of(own, postgres), null, settings, time))
                .follow(new Cursor(EPOCH, 0))
                .subscribe(event -> ((TailEvent.Entries) event).entries().forEach(entry -> delivered.add(entry.seq())));
    }

    @AfterEach
    void stop() {
        following.dispose();
    }

    @Test
    void ownCommitIsDeliveredAtOnceWithoutReadingTheLog() {
        commit(1, 3);
        commit(4, 4);
        assertThat(delivered).containsExactly(1L, 2L, 3L, 4L);
        hint(4, true);
        assertNothingWasRead();
    }

    @Test
    void entriesOfAnotherInstanceBeforeAnOwnCommitAreRead() {
        storeTo(2);
        commit(3, 3);
        assertThat(delivered).containsExactly(1L, 2L, 3L);
    }

    @Test
    void hintOfAnOwnCommitWaitsForItsEntries() {
        hint(1, true);
        assertThat(delivered).isEmpty();
        commit(1, 1);
        assertThat(delivered).containsExactly(1L);
        assertNothingWasRead();
    }

    @Test
    void ownCommitWithoutAResultIsReadAfterTheGrace() {
        storeTo(1);
        hint(1, true);
        assertThat(delivered).isEmpty();
        time.advanceTimeBy(GRACE);
        assertThat(delivered).containsExactly(1L);
    }

    @Test
    void hintOfAnotherInstanceEndsTheWait() {
        storeTo(2);
        hint(1, true);
        hint(2, false);
        assertThat(delivered).containsExactly(1L, 2L);
    }

    @Test
    void commitOfAnotherEpochIsIgnored() {
        own.committed(EPOCH + 1, List.of(entry(1)));
        assertThat(delivered).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void lostAndLateSignalsLeaveNoGapInTheDelivery(long seed) {
        var random = new Random(seed);
        var actions = new ArrayList<Runnable>();
        for (var from = 1; from <= 400; ) {
            var first = from;
            var last = first + random.nextInt(5);
            var isOwn = random.nextInt(3) > 0;
            if (isOwn && random.nextInt(10) > 0) {
                actions.add(() -> commit(first, last));
            }
            if (random.nextInt(10) > 0) {
                actions.add(() -> {
                    storeTo(last);
                    hint(last, isOwn);
                });
            }
            from = last + 1;
        }
        // Signals arrive late and in another order.
        for (var i = 0; i + 4 < actions.size(); i++) {
            Collections.swap(actions, i, i + random.nextInt(4));
        }
        for (var action : actions) {
            action.run();
            time.advanceTimeBy(Duration.ofMillis(random.nextInt(20)));
        }
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(delivered)
                .isEqualTo(LongStream.rangeClosed(1, stored.size()).boxed().toList());
    }

    private void assertNothingWasRead() {
        Mockito.verify(log, Mockito.never()).read(ArgumentMatchers.anyLong(), ArgumentMatchers.anyInt());
    }

    private void commit(long first, long last) {
        storeTo(last);
        own.committed(EPOCH, entries(first, last));
    }

    private void hint(long seq, boolean isOwn) {
        hints.tryEmitNext(new TailSignal.Hint(seq, isOwn));
    }

    private void storeTo(long last) {
        stored.addAll(entries(stored.size() + 1, last));
    }

    private static List<LogEntry> entries(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(OwnCommitsTests::entry)
                .toList();
    }

    private static LogEntry entry(long seq) {
        return new LogEntry(
                seq,
                0,
                EventType.PUBLISHED,
                new UUID(0, seq),
                new Facets(List.of(), "Ann", "test", "en"),
                null,
                "{}",
                null);
    }
}
