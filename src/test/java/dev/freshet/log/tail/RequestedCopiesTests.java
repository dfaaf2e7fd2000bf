package dev.freshet.log.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Commits of other instances at a follower whose tail brings copies on request, in virtual time. */
class RequestedCopiesTests {

    private static final long EPOCH = 7;
    private static final Duration GRACE = Duration.ofMillis(50);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FeedLog log = Mockito.mock(FeedLog.class);
    private final OwnCommits own = new OwnCommits();
    private final Sinks.Many<TailSignal> hints = Sinks.many().unicast().onBackpressureBuffer();
    private final Copies copies = new Copies();
    private final List<Long> delivered = new CopyOnWriteArrayList<>();
    private Disposable following = () -> {};

    @BeforeEach
    void follow() {
        Mockito.when(log.extent()).thenAnswer(call -> Mono.just(new Extent(EPOCH, 1, 0)));
        Mockito.when(log.read(ArgumentMatchers.anyLong(), ArgumentMatchers.anyInt()))
                .thenAnswer(call -> Flux.just(entry(call.<Long>getArgument(0) + 1)));
        var postgres = Mockito.mock(Tail.class);
        Mockito.when(postgres.listen(ArgumentMatchers.any())).thenReturn(hints.asFlux());
        var settings = new TailSettings(Duration.ofMinutes(1), GRACE, 100);
        following = new Follower(new FollowerResources(log, List.of(own, postgres, copies), null, settings, time))
                .follow(new Cursor(EPOCH, 0))
                .subscribe(event -> ((TailEvent.Entries) event).entries().forEach(entry -> delivered.add(entry.seq())));
    }

    @AfterEach
    void stop() {
        following.dispose();
    }

    @Test
    void commitOfAnotherInstanceArrivesAsACopy() {
        hints.tryEmitNext(new TailSignal.Hint(1, false));
        assertThat(copies.requests).isEqualTo(1);
        copies.bring(1);
        assertThat(delivered).containsExactly(1L);
        assertNothingWasRead();
    }

    @Test
    void ownCommitRequestsNoCopies() {
        hints.tryEmitNext(new TailSignal.Hint(1, true));
        own.committed(EPOCH, List.of(entry(1)));
        assertThat(delivered).containsExactly(1L);
        assertThat(copies.requests).isZero();
        assertNothingWasRead();
    }

    @Test
    void commitWithoutACopyIsReadAfterTheGrace() {
        hints.tryEmitNext(new TailSignal.Hint(1, false));
        assertThat(delivered).isEmpty();
        time.advanceTimeBy(GRACE);
        assertThat(delivered).containsExactly(1L);
    }

    @Test
    void copyInANotificationIsDeliveredAtOnce() {
        hints.tryEmitNext(new TailSignal.Copies(List.of(entry(1), entry(2)), TailSignal.Source.NOTIFICATION));
        assertThat(delivered).containsExactly(1L, 2L);
        assertThat(copies.requests).isZero();
        assertNothingWasRead();
    }

    @Test
    void copiesOfSeveralSourcesAreDeliveredInOrder() {
        hints.tryEmitNext(new TailSignal.Copies(List.of(entry(2)), TailSignal.Source.NOTIFICATION));
        own.committed(EPOCH, List.of(entry(3)));
        own.committed(EPOCH, List.of(entry(1)));
        assertThat(delivered).containsExactly(1L, 2L, 3L);
        assertNothingWasRead();
    }

    private void assertNothingWasRead() {
        Mockito.verify(log, Mockito.never()).read(ArgumentMatchers.anyLong(), ArgumentMatchers.anyInt());
    }

    private static LogEntry entry(long seq) {
        var facets = new Facets(List.of(), "Ann", "test", "en");
        return new LogEntry(seq, 0, EventType.PUBLISHED, new UUID(0, seq), facets, null, "{}", null);
    }

    private static final class Copies implements Tail {

        private final Sinks.Many<TailSignal> signals = Sinks.many().unicast().onBackpressureBuffer();
        private int requests;

        void bring(long seq) {
            signals.tryEmitNext(new TailSignal.Copies(List.of(entry(seq)), TailSignal.Source.REDIS));
        }

        @Override
        public Flux<TailSignal> listen(Supplier<Cursor> position) {
            return signals.asFlux();
        }

        @Override
        public boolean bringsCopies() {
            return true;
        }

        @Override
        public void requestCopies() {
            requests++;
        }
    }
}
