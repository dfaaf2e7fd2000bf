package dev.freshet.log.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The contract of {@link Tail}, for each implementation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
abstract class TailContract {

    private Freshet instance;
    private LogWriter writer;
    private Tail tail;

    /** Starts the instance whose log the tail listens to. */
    abstract Freshet startInstance();

    /** Creates the tail of this instance. */
    abstract Tail tail(Freshet of);

    /** Breaks the connection of the tail, which may then be restored. */
    abstract void disconnect(Freshet of);

    /** Returns whether copies of entries of any size can be expected from the tail while it is connected. */
    abstract boolean copies();

    @BeforeAll
    void start() {
        instance = startInstance();
        writer = new LogWriter(instance);
    }

    @BeforeEach
    void createTail() {
        tail = tail(instance);
    }

    @AfterAll
    void stop() {
        instance.close();
    }

    @Test
    void reportsEachCommitAfterThePosition() {
        publish();
        var start = end();
        var signals = new CopyOnWriteArrayList<TailSignal>();
        var listening = tail.listen(() -> start).subscribe(signals::add);
        var last = publishUntilReported(signals);
        assertThat(signals).filteredOn(TailSignal.Copies.class::isInstance).allSatisfy(signal -> {
            var entries = ((TailSignal.Copies) signal).entries();
            assertThat(entries)
                    .allSatisfy(entry ->
                            assertThat(entry.seq()).isGreaterThan(start.seq()).isLessThanOrEqualTo(last.seq()));
        });
        listening.dispose();
    }

    @Test
    void survivesTheLossOfItsConnection() {
        var failures = new CopyOnWriteArrayList<Throwable>();
        var signals = new CopyOnWriteArrayList<TailSignal>();
        var ends = new CopyOnWriteArrayList<String>();
        var listening = listen().subscribe(signals::add, failures::add, () -> ends.add("end"));
        publishUntilReported(signals);
        disconnect(instance);
        publishUntilReported(signals);
        assertThat(failures).isEmpty();
        assertThat(ends).isEmpty();
        listening.dispose();
    }

    @Test
    void expectsCopiesOnlyWhileItBringsThem() {
        assertThat(tail.bringsCopies()).isFalse();
        var signals = new CopyOnWriteArrayList<TailSignal>();
        var listening = listen().subscribe(signals::add);
        publishUntilReported(signals);
        assertThat(tail.bringsCopies()).isEqualTo(copies());
        assertThat(signals).hasAtLeastOneElementOfType(TailSignal.Copies.class);
        listening.dispose();
        assertThat(tail.bringsCopies()).isFalse();
    }

    @Test
    void reportsNothingAfterCancellation() {
        var signals = new CopyOnWriteArrayList<TailSignal>();
        var listening = listen().subscribe(signals::add);
        publishUntilReported(signals);
        listening.dispose();
        var reported = List.copyOf(signals);
        var other = new CopyOnWriteArrayList<TailSignal>();
        var second = listen().subscribe(other::add);
        publishUntilReported(other);
        second.dispose();
        assertThat(signals).isEqualTo(reported);
    }

    @Test
    void copiesUpToThePresentPositionAreNotReported() {
        var position = new AtomicReference<>(end());
        var signals = new CopyOnWriteArrayList<TailSignal>();
        var listening = tail.listen(position::get).subscribe(signals::add);
        publishUntilReported(signals);
        var end = end();
        position.set(new Cursor(end.epoch(), end.seq() + 3));
        for (var i = 0; i < 3; i++) {
            publish();
        }
        publishUntilReported(signals);
        assertThat(signals)
                .filteredOn(TailSignal.Copies.class::isInstance)
                .flatExtracting(signal -> ((TailSignal.Copies) signal).entries())
                .extracting(LogEntry::seq)
                .doesNotContain(end.seq() + 1, end.seq() + 2, end.seq() + 3);
        listening.dispose();
    }

    /** Publishes again and again, since a hint may be lost, until one of these commits is reported. */
    private Cursor publishUntilReported(List<TailSignal> signals) {
        var before = end().seq();
        return Objects.requireNonNull(Mono.defer(() -> writer.publish("A", "tail"))
                .doOnNext(last -> tail.requestCopies())
                .repeatWhen(times -> times.delayElements(Duration.ofMillis(100)))
                .filter(last -> signals.stream().anyMatch(signal -> seq(signal) > before))
                .blockFirst(Freshet.TIMEOUT));
    }

    static long seq(TailSignal signal) {
        return switch (signal) {
            case TailSignal.Hint hint -> hint.seq();
            case TailSignal.Copies copies -> copies.entries().getLast().seq();
            case TailSignal.PossibleLoss loss -> 0;
        };
    }

    private Flux<TailSignal> listen() {
        var start = end();
        return tail.listen(() -> start);
    }

    private void publish() {
        Freshet.get(writer.publish("A", "tail"));
    }

    final Freshet instance() {
        return instance;
    }

    final Cursor end() {
        return Freshet.get(instance.bean(FeedLog.class).extent()).end();
    }
}
