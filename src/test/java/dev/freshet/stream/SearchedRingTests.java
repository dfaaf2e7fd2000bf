package dev.freshet.stream;

import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyLong;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.feedlog.LogWords;
import dev.freshet.search.SearchDocument;
import dev.freshet.testing.StoredWords;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.Mockito;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The words of events in memory, for streams of searches. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SearchedRingTests {

    private static final long MAX_BYTES = 2_000;
    private static final int MAX_READS = 1000;

    private final Ring ring = new Ring(64, 1 << 20, new Cursor(7, 0));
    private final FeedLog log = Mockito.mock(FeedLog.class);
    private final SearchedRing searched = new SearchedRing(ring, log, Schedulers.immediate(), MAX_BYTES);
    private Disposable following = Disposables.disposed();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();

    @BeforeEach
    void follow() {
        Mockito.when(log.words(anyLong(), anyLong())).thenAnswer(call -> {
            if (reads.incrementAndGet() > MAX_READS) {
                // A ring that never reaches its end would read for ever.
                return Flux.never();
            }
            if (failures.getAndDecrement() > 0) {
                return Flux.error(new IllegalStateException("The read fails"));
            }
            long after = call.getArgument(0);
            long to = call.getArgument(1);
            return Flux.fromStream(LongStream.rangeClosed(after + 1, to).mapToObj(SearchedRingTests::words));
        });
        following = searched.follow(() -> {});
    }

    /** Otherwise, a ring that never reaches its end would be read for ever. */
    @AfterEach
    void stop() {
        following.dispose();
    }

    private static LogWords words(long seq) {
        return new LogWords(seq, StoredWords.of("'heron':1A"), null);
    }

    @Test
    void wordsAreReadWhileAStreamIsOpen() {
        append(1, 10);
        Mockito.verifyNoInteractions(log);
        searched.acquire();
        assertBounds(11, 10);
        append(11, 15);
        assertBounds(11, 15);
        assertThat(searched.get(10)).isNull();
        assertThat(searched.get(15)).isSameAs(ring.get(15));
        searched.release();
        assertThat(searched.get(15)).isNull();
        append(16, 20);
        Mockito.verify(log, Mockito.times(1)).words(anyLong(), anyLong());
    }

    @Test
    void oldestWordsAreDroppedBeyondTheMaximum() {
        searched.acquire();
        append(1, 50);
        var bounds = searched.bounds();
        assertThat(bounds.last()).isEqualTo(50);
        assertThat(bounds.first()).isGreaterThan(1);
        assertThat(bounds.size()).isPositive().isLessThanOrEqualTo(MAX_BYTES);
        assertThat(searched.get(bounds.first() - 1)).isNull();
        assertThat(searched.get(bounds.first())).isNotNull();
    }

    @Test
    void failedReadIsRepeated() {
        searched.acquire();
        failures.set(2);
        append(1, 5);
        until(() -> searched.bounds().last() == 5);
        assertBounds(1, 5);
    }

    @Test
    void continuesAtTheEndOfARingThatWasReset() {
        searched.acquire();
        append(1, 5);
        ring.reset(new Cursor(8, 2));
        append(3, 4);
        assertThat(searched.bounds().epoch()).isEqualTo(8);
        assertBounds(5, 4);
        append(5, 6);
        assertBounds(5, 6);
    }

    @Test
    void wordsOfOwnCommitsAreNotRead() {
        searched.acquire();
        appendWithWords(1, 3);
        assertBounds(1, 3);
        assertThat(reads).hasValue(0);
        // One of another instance is read, and those after it are not.
        ring.append(RingTests.entries(4, 4));
        appendWithWords(5, 6);
        assertBounds(1, 6);
        assertThat(reads).hasValue(1);
        assertThat(Objects.requireNonNull(searched.get(6)).words()).hasToString("EventWords[now=otter, before=null]");
        assertThat(Objects.requireNonNull(searched.get(4)).words()).hasToString("EventWords[now=heron, before=null]");
    }

    @Test
    void wordsBeyondTheMaximumAreRead() {
        appendWithWords(1, 3);
        searched.acquire();
        assertBounds(4, 3);
        var length = (int) MAX_BYTES / 2 - 1;
        searched.hold(List.of(withWords(4, length), withWords(5, length), withWords(6, length)));
        append(4, 6);
        assertThat(searched.bounds().last()).isEqualTo(6);
        Mockito.verify(log).words(4, 6);
        assertThat(reads).hasValue(1);
    }

    @Test
    void wordsOfManyEntriesAtOnceAreRead() {
        var large = new SearchedRing(ring, log, Schedulers.immediate(), 1_000_000);
        var reading = large.follow(() -> {});
        large.acquire();
        var entries =
                LongStream.rangeClosed(1, 40).mapToObj(seq -> withWords(seq, 0)).toList();
        large.hold(entries);
        ring.append(entries);
        large.news();
        assertThat(large.bounds().last()).isEqualTo(40);
        Mockito.verify(log).words(32, 40);
        assertThat(reads).hasValue(1);
        reading.dispose();
    }

    private void appendWithWords(long from, long to) {
        var entries = LongStream.rangeClosed(from, to)
                .mapToObj(seq -> withWords(seq, 0))
                .toList();
        searched.hold(entries);
        ring.append(entries);
        searched.news();
    }

    @Test
    void heldWordsOfAnotherHistoryAreRead() {
        searched.acquire();
        var other = new UUID(7, 7);
        searched.hold(List.of(withWords(1, other, 0), withWords(2, other, 0)));
        append(1, 3);
        assertBounds(1, 3);
        for (var seq = 1; seq <= 3; seq++) {
            assertThat(Objects.requireNonNull(searched.get(seq)).words())
                    .hasToString("EventWords[now=heron, before=null]");
        }
    }

    private static LogEntry withWords(long seq, int length) {
        return withWords(seq, RingTests.entries(seq, seq).getFirst().articleId(), length);
    }

    /** @param length the minimum length of the words */
    private static LogEntry withWords(long seq, UUID articleId, int length) {
        var entry = RingTests.entries(seq, seq).getFirst();
        return new LogEntry(
                seq,
                entry.atMillis(),
                entry.type(),
                articleId,
                entry.now(),
                entry.before(),
                entry.article(),
                entry.content(),
                null,
                () -> SearchDocument.read(StoredWords.of("'otter" + "r".repeat(length) + "':1A")));
    }

    private void append(long from, long to) {
        ring.append(RingTests.entries(from, to));
        searched.news();
    }

    private void assertBounds(long first, long last) {
        assertThat(searched.bounds().first()).isEqualTo(first);
        assertThat(searched.bounds().last()).isEqualTo(last);
    }
}
