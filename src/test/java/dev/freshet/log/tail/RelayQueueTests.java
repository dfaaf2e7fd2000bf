package dev.freshet.log.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

class RelayQueueTests {

    private final RelayQueue queue = new RelayQueue();
    private final List<List<Long>> copied = new ArrayList<>();
    private Sinks.Empty<Void> copying = Sinks.empty();

    RelayQueueTests() {
        queue.batches()
                .concatMap(
                        entries -> {
                            copied.add(entries.stream().map(LogEntry::seq).toList());
                            copying = Sinks.empty();
                            return copying.asMono();
                        },
                        0)
                .subscribe();
    }

    @Test
    void entriesDuringACopyBecomeOneBatch() {
        queue.add(entries(1, 1));
        queue.add(entries(2, 3));
        queue.add(entries(4, 4));
        copying.tryEmitEmpty();
        assertThat(copied).containsExactly(List.of(1L), List.of(2L, 3L, 4L));
        copying.tryEmitEmpty();
        queue.add(entries(5, 5));
        assertThat(copied).last().isEqualTo(List.of(5L));
    }

    @Test
    void onlyTheLastEntriesWaitAfterAGap() {
        queue.add(entries(1, 1));
        queue.add(entries(2, 3));
        queue.add(entries(5, 6));
        copying.tryEmitEmpty();
        assertThat(copied).containsExactly(List.of(1L), List.of(5L, 6L));
    }

    @Test
    void waitingEntriesAreBounded() {
        queue.add(entries(1, 1));
        for (var seq = 2L; seq < 2000; seq += 100) {
            queue.add(entries(seq, seq + 99));
        }
        copying.tryEmitEmpty();
        assertThat(copied).hasSize(2);
        assertThat(copied.getLast()).hasSizeLessThanOrEqualTo(256).endsWith(2001L);
    }

    private static List<LogEntry> entries(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(seq -> new LogEntry(
                        seq,
                        0,
                        EventType.PUBLISHED,
                        new UUID(0, seq),
                        new Facets(List.of(), "Ann", "test", "en"),
                        null,
                        "{}",
                        null))
                .toList();
    }
}
