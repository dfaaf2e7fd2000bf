package dev.freshet.content.article;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Commits items in groups. While one group is committed, arriving items queue and form the next group, in the order of
 * arrival. No timer is involved: a lone item is committed at once, and groups grow with the load.
 *
 * <p>Each item has the result that it would have alone. If a group fails because of what may be a single item, it is
 * divided in halves until the faulty item stands alone. Any other failure, such as an unavailable store, fails the group
 * and all queued items. A commit that exceeds the time limit is such a failure; its outcome is unknown.
 *
 * <p>Cancelling before the group starts removes the item. Later, the item is committed and its result is dropped. Safe
 * for use by any thread.
 */
final class GroupCommit<T, R> {

    private final Limits limits;
    private final ToLongFunction<T> weigh;
    private final Function<List<T>, Mono<List<R>>> commit;
    private final Predicate<Throwable> mayBeCausedByOneItem;

    // Both are guarded by this. No callback runs while the lock is held.
    private final Queue<PendingItem<T, R>> queue = new ArrayDeque<>();
    private boolean isCommitting;

    /**
     * @param weigh returns the weight of an item
     * @param commit commits items in one transaction, and returns the results in the order of the items
     * @param mayBeCausedByOneItem whether nothing was committed and a single item may have caused the error
     */
    GroupCommit(
            Limits limits,
            ToLongFunction<T> weigh,
            Function<List<T>, Mono<List<R>>> commit,
            Predicate<Throwable> mayBeCausedByOneItem) {
        this.limits = limits;
        this.weigh = weigh;
        this.commit = commit;
        this.mayBeCausedByOneItem = mayBeCausedByOneItem;
    }

    /**
     * Limits of the queue and of a group.
     *
     * @param queued the maximum number of queued items
     * @param items the maximum number of items in a group
     * @param weight the weight from which a group is complete
     * @param timeout the time limit of a commit
     */
    record Limits(int queued, int items, long weight, Duration timeout) {}

    /** Commits an item. Fails with {@link Problem#UNAVAILABLE} if the queue is full. */
    Mono<R> commit(T item) {
        return Mono.create(sink -> {
            var pending = new PendingItem<>(item, sink);
            if (!enqueue(pending)) {
                sink.error(Problem.UNAVAILABLE.because("Too many articles are waiting to be written. Retry later."));
                return;
            }
            sink.onCancel(() -> dequeue(pending));
            commitNext();
        });
    }

    /** An item and the sink of its result. Compared by identity. */
    private static final class PendingItem<T, R> {

        private final T item;
        private final MonoSink<R> sink;

        private PendingItem(T item, MonoSink<R> sink) {
            this.item = item;
            this.sink = sink;
        }
    }

    /** Returns the number of queued items. */
    synchronized int queued() {
        return queue.size();
    }

    private synchronized boolean enqueue(PendingItem<T, R> pending) {
        return queue.size() < limits.queued() && queue.add(pending);
    }

    private synchronized void dequeue(PendingItem<T, R> pending) {
        queue.remove(pending);
    }

    /** Removes the next group from the queue; returns an empty list while another group is committed. */
    private synchronized List<PendingItem<T, R>> begin() {
        var group = new ArrayList<PendingItem<T, R>>();
        if (isCommitting) {
            return group;
        }
        var weight = 0L;
        while (!queue.isEmpty() && group.size() < limits.items() && weight < limits.weight()) {
            var pending = queue.remove();
            weight += weigh.applyAsLong(pending.item);
            group.add(pending);
        }
        isCommitting = !group.isEmpty();
        return group;
    }

    private synchronized void end() {
        isCommitting = false;
    }

    private synchronized List<PendingItem<T, R>> drain() {
        var all = List.copyOf(queue);
        queue.clear();
        return all;
    }

    private void commitNext() {
        var group = begin();
        if (group.isEmpty()) {
            return;
        }
        // The next group starts before these results are signalled, so that the store works while responses are
        // written.
        var signals = new ArrayList<Runnable>(group.size());
        tryAll(group)
                .onErrorMap(TimeoutException.class, GroupCommit::timedOut)
                .subscribe(
                        signals::add,
                        error -> {
                            var queued = drain();
                            finish(() -> {
                                signals.forEach(Runnable::run);
                                // Signals are in the order of the items, so the rest of the group has none.
                                group.subList(signals.size(), group.size())
                                        .forEach(pending -> pending.sink.error(error));
                                queued.forEach(pending -> pending.sink.error(error));
                            });
                        },
                        () -> finish(() -> signals.forEach(Runnable::run)));
    }

    private static ProblemException timedOut(Throwable timeout) {
        return Problem.UNAVAILABLE.because("The write timed out. The article may have been written.");
    }

    private void finish(Runnable signal) {
        end();
        commitNext();
        signal.run();
    }

    /** Commits a group; returns a signal per item, to be run after all commits. */
    private Flux<Runnable> tryAll(List<PendingItem<T, R>> group) {
        return Mono.defer(() ->
                        commit.apply(group.stream().map(pending -> pending.item).toList()))
                .timeout(limits.timeout())
                .flatMapIterable(results -> success(group, results))
                .onErrorResume(mayBeCausedByOneItem, error -> {
                    if (group.size() == 1) {
                        return Flux.just(() -> group.getFirst().sink.error(error));
                    }
                    var middle = group.size() / 2;
                    return Flux.concat(tryAll(group.subList(0, middle)), tryAll(group.subList(middle, group.size())));
                });
    }

    private List<Runnable> success(List<PendingItem<T, R>> group, List<R> results) {
        if (results.size() != group.size()) {
            throw new IllegalStateException(results.size() + " results of " + group.size() + " items");
        }
        var signals = new ArrayList<Runnable>(group.size());
        for (var i = 0; i < group.size(); i++) {
            var sink = group.get(i).sink;
            var result = results.get(i);
            signals.add(() -> sink.success(result));
        }
        return signals;
    }
}
