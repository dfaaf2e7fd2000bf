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
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The dispatcher on a log in memory, swept in virtual time. */
class TailDispatcherTests {

    private static final long EPOCH = 7;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FeedLog log = Mockito.mock(FeedLog.class);
    private final List<LogEntry> stored = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private long epoch = EPOCH;

    @BeforeEach
    void readTheLogFromMemory() {
        Mockito.when(log.extent()).thenAnswer(call -> Mono.just(new Extent(epoch, 1, stored.size())));
        Mockito.when(log.read(ArgumentMatchers.anyLong(), ArgumentMatchers.anyInt()))
                .thenAnswer(call -> Flux.fromIterable(List.copyOf(stored))
                        .skip(call.<Long>getArgument(0))
                        .take(call.<Integer>getArgument(1)));
    }

    @Test
    void listenersAreCalledInTheirOrder() {
        append(2);
        var beans = new DefaultListableBeanFactory();
        beans.registerSingleton("ring", new Recorder("ring", TailListener.DELIVERY));
        beans.registerSingleton("pages", new Recorder("pages", TailListener.INVALIDATION));
        var dispatcher =
                new TailConfiguration().tailDispatcher(log, follower(), beans.getBeanProvider(TailListener.class));
        dispatcher.start();
        append(3);
        sweep();
        assertThat(calls).containsExactly("pages begin 7-2", "ring begin 7-2", "pages entries 3-5", "ring entries 3-5");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failedListenerIsResetAndTheOthersMissNothing(boolean error) {
        var failing = new Recorder("first", TailListener.INVALIDATION);
        failing.error = error;
        dispatcher(failing, new Recorder("second", TailListener.DELIVERY)).start();
        failing.failures = 1;
        append(1);
        sweep();
        append(1);
        sweep();
        assertThat(calls)
                .containsExactly(
                        "first begin 7-0",
                        "second begin 7-0",
                        "first entries 1-1 failed",
                        "first reset 7-1",
                        "second entries 1-1",
                        "first entries 2-2",
                        "second entries 2-2");
    }

    @Test
    void resetIsRepeatedUntilItSucceeds() {
        var failing = new Recorder("first", TailListener.INVALIDATION);
        dispatcher(failing).start();
        failing.failures = 3;
        for (var i = 0; i < 3; i++) {
            append(1);
            sweep();
        }
        assertThat(calls)
                .containsExactly(
                        "first begin 7-0",
                        "first entries 1-1 failed",
                        "first reset 7-1 failed",
                        "first reset 7-2 failed",
                        "first reset 7-2",
                        "first entries 3-3");
    }

    @Test
    void newEpochResetsAllListeners() {
        dispatcher(new Recorder("one", 0), new Recorder("two", 0)).start();
        append(1);
        sweep();
        epoch = EPOCH + 1;
        sweep();
        append(1);
        sweep();
        assertThat(calls)
                .containsExactly(
                        "one begin 7-0",
                        "two begin 7-0",
                        "one entries 1-1",
                        "two entries 1-1",
                        "one reset 8-1",
                        "two reset 8-1",
                        "one entries 2-2",
                        "two entries 2-2");
    }

    @Test
    void stoppedDispatcherCallsNoListener() {
        var dispatcher = dispatcher(new Recorder("one", 0));
        dispatcher.start();
        dispatcher.stop();
        append(1);
        sweep();
        assertThat(dispatcher.isRunning()).isFalse();
        assertThat(calls).containsExactly("one begin 7-0");
    }

    private TailDispatcher dispatcher(TailListener... listeners) {
        return new TailDispatcher(log, follower(), List.of(listeners));
    }

    private Follower follower() {
        var silent = Mockito.mock(Tail.class);
        Mockito.when(silent.listen(ArgumentMatchers.any())).thenReturn(Flux.never());
        var settings = new TailSettings(Duration.ofSeconds(1), Duration.ofMillis(50), 100);
        return new Follower(new FollowerResources(log, List.of(silent), null, settings, time));
    }

    private void append(int count) {
        LongStream.rangeClosed(stored.size() + 1, stored.size() + count)
                .mapToObj(seq -> new LogEntry(
                        seq,
                        0,
                        EventType.PUBLISHED,
                        new UUID(0, seq),
                        new Facets(List.of(), "Ann", "test", "en"),
                        null,
                        "{}",
                        null))
                .forEach(stored::add);
    }

    private void sweep() {
        time.advanceTimeBy(Duration.ofSeconds(1));
    }

    private final class Recorder implements TailListener {

        private final String name;
        private final int order;
        private int failures;
        private boolean error;

        Recorder(String name, int order) {
            this.name = name;
            this.order = order;
        }

        @Override
        public int getOrder() {
            return order;
        }

        @Override
        public void begin(Cursor position) {
            record("begin " + position);
        }

        @Override
        public void entries(List<LogEntry> entries) {
            record("entries " + entries.getFirst().seq() + "-"
                    + entries.getLast().seq());
        }

        @Override
        public void reset(Cursor position) {
            record("reset " + position);
        }

        private void record(String call) {
            var fails = failures-- > 0;
            calls.add(name + " " + call + (fails ? " failed" : ""));
            if (fails && error) {
                throw new AssertionError("Fails on purpose");
            }
            if (fails) {
                throw new IllegalStateException("Fails on purpose");
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
