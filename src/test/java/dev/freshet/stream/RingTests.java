package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.feedlog.NewEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class RingTests {

    private static final UUID ID = new UUID(1, 1);

    @Test
    void holdsTheLastFramesAndForgetsTheOldest() {
        var ring = new Ring(8, 1 << 20, new Cursor(7, 100));
        ring.append(entries(101, 120));
        assertBounds(ring, 7, 113, 120);
        assertThat(ring.get(112)).isNull();
        assertThat(Objects.requireNonNull(ring.get(113)).entry().seq()).isEqualTo(113);
        assertThat(ring.get(121)).isNull();
    }

    @Test
    void isBoundedInBytesToo() {
        var ring = new Ring(1024, 2_000, new Cursor(7, 0));
        ring.append(entries(1, 100));
        var bounds = ring.bounds();
        var bytes = LongStream.rangeClosed(bounds.first(), bounds.last())
                .mapToObj(ring::get)
                .mapToLong(frame -> Objects.requireNonNull(frame).size())
                .sum();
        assertThat(bytes).isPositive().isLessThanOrEqualTo(2_000).isEqualTo(bounds.size());
        assertThat(bounds.last()).isEqualTo(100);
    }

    @Test
    void refusesAGap() {
        var ring = new Ring(8, 1 << 20, new Cursor(7, 100));
        assertThatThrownBy(() -> ring.append(entries(102, 102))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void withdrawalRemovesContentOfEarlierFrames() {
        var ring = new Ring(8, 1 << 20, new Cursor(7, 0));
        ring.append(List.of(entry(1, ID), entry(2, new UUID(2, 2))));
        var withdrawal = NewEntry.withdrawal(ID, facets());
        ring.append(List.of(new LogEntry(
                3, 0, EventType.WITHDRAWN, ID, facets(), facets(), withdrawal.article(), withdrawal.content())));
        assertThat(text(ring, 1)).contains("article.published", ID.toString()).doesNotContain("title");
        assertThat(text(ring, 2)).contains("title");
        assertThat(text(ring, 3)).contains("article.withdrawn", ID.toString());
    }

    @Test
    void resetForgetsEverything() {
        var ring = new Ring(8, 1 << 20, new Cursor(7, 0));
        ring.append(entries(1, 20));
        ring.reset(new Cursor(8, 5));
        assertBounds(ring, 8, 6, 5);
        ring.append(entries(6, 7));
        assertBounds(ring, 8, 6, 7);
    }

    @Test
    void frameIsEncodedOncePerFormatForConcurrentCallers() {
        var frame = new Frame(7, entry(1, ID));
        for (var format : Format.values()) {
            for (var leaves : List.of(true, false)) {
                var encodings = Flux.range(0, 64)
                        .flatMap(i -> Flux.defer(() -> Flux.just(frame.encoded(format, leaves)))
                                .subscribeOn(Schedulers.parallel()))
                        .collectList()
                        .block();
                assertThat(encodings)
                        .hasSize(64)
                        .allSatisfy(bytes -> assertThat(bytes).isSameAs(frame.encoded(format, leaves)));
            }
        }
    }

    private static void assertBounds(Ring ring, long epoch, long first, long last) {
        var bounds = ring.bounds();
        assertThat(List.of(bounds.epoch(), bounds.first(), bounds.last())).containsExactly(epoch, first, last);
    }

    private static String text(Ring ring, long seq) {
        return new String(
                Objects.requireNonNull(ring.get(seq)).encoded(Format.SSE_FULL, false), StandardCharsets.UTF_8);
    }

    static List<LogEntry> entries(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(seq -> entry(seq, new UUID(9, seq)))
                .toList();
    }

    static LogEntry entry(long seq, UUID id) {
        return new LogEntry(
                seq,
                0,
                EventType.PUBLISHED,
                id,
                facets(),
                null,
                "{\"id\":\"" + id + "\",\"title\":\"Title\"}",
                "{\"body\":\"b\",\"html\":\"h\"}");
    }

    private static Facets facets() {
        return new Facets(List.of("tag"), "Ann", "test", "en");
    }
}
