package dev.freshet.log.tail;

import dev.freshet.log.feedlog.CommitListener;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.LogEntry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Passes what this instance commits to its follower at once. A commit whose result was lost is not passed on. */
final class OwnCommits implements Tail, CommitListener {

    private final Set<BiConsumer<Long, List<LogEntry>>> followers = new CopyOnWriteArraySet<>();

    @Override
    public void committed(long epoch, List<LogEntry> entries) {
        followers.forEach(follower -> follower.accept(epoch, entries));
    }

    @Override
    public Flux<TailSignal> listen(Supplier<Cursor> position) {
        // A follower takes signals at once. Without demand, it finds the entries in the log.
        return Flux.create(
                sink -> {
                    var epoch = position.get().epoch();
                    BiConsumer<Long, List<LogEntry>> follower = (of, entries) -> {
                        if (of == epoch) {
                            sink.next(new TailSignal.Copies(entries, TailSignal.Source.OWN));
                        }
                    };
                    sink.onDispose(() -> followers.remove(follower));
                    followers.add(follower);
                },
                FluxSink.OverflowStrategy.DROP);
    }

    @Override
    public boolean bringsCopies() {
        return false;
    }
}
