package dev.freshet.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.SelectedEntry;
import java.util.ArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Reads of the log for deliveries, in virtual time. */
class EventReaderTests {

    private static final Cursor BEGINNING = new Cursor(7, 0);
    private static final Cursor TAIL = new Cursor(7, 3);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FeedLog log = Mockito.mock(FeedLog.class);
    private final EventReader reader = new EventReader(log, time);

    @Test
    void readWithoutAnAnswerEndsForAllThatShareIt() {
        Mockito.when(log.extent()).thenReturn(Mono.just(new Extent(7, 1, 3)));
        select(Flux.never());
        var failures = new ArrayList<Throwable>();
        for (var i = 0; i < 2; i++) {
            read().subscribe(page -> {}, failures::add);
        }
        time.advanceTimeBy(EventReader.READ_TIMEOUT);
        assertThat(failures)
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(TimeoutException.class));

        select(Flux.empty());
        var pages = new ArrayList<EventReader.Page>();
        read().subscribe(pages::add);
        assertThat(pages).singleElement().isInstanceOf(EventReader.Page.Events.class);
    }

    @Test
    void extentWithoutAnAnswerEndsTheRead() {
        Mockito.when(log.extent()).thenReturn(Mono.never());
        select(Flux.empty());
        var failures = new ArrayList<Throwable>();
        read().subscribe(page -> {}, failures::add);
        time.advanceTimeBy(EventReader.READ_TIMEOUT);
        assertThat(failures).singleElement().isInstanceOf(TimeoutException.class);
    }

    @Test
    void pageFromBeforeAWithdrawalIsNotUsedAgain() {
        Mockito.when(log.extent()).thenReturn(Mono.just(new Extent(7, 1, 3)));
        var reads = new AtomicInteger();
        select(Flux.defer(() -> {
            reads.incrementAndGet();
            return Flux.empty();
        }));
        read().block();
        read().block();
        assertThat(reads).hasValue(1);
        reader.withdrawn();
        read().block();
        assertThat(reads).hasValue(2);
    }

    private Mono<EventReader.Page> read() {
        return reader.read(Feed.ALL, false, BEGINNING, TAIL);
    }

    private void select(Flux<SelectedEntry> entries) {
        Mockito.when(log.select(
                        ArgumentMatchers.anyLong(),
                        ArgumentMatchers.anyLong(),
                        ArgumentMatchers.anyInt(),
                        ArgumentMatchers.any(),
                        ArgumentMatchers.anyBoolean()))
                .thenReturn(entries);
    }
}
