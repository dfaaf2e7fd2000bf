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
 * Commits items together that come while another commit is under way. One group is committed at a time; what arrives
 * meanwhile waits and makes the next group, in the order of arrival. There is no timer: an item that comes alone is
 * committed at once, and groups grow with the load by themselves.
 *
 * <p>Each item has the outcome that it would have alone. A group that fails for what may be one item's fault is
 * divided in halves until the fault stands alone. Any other failure, such as a store that can't be reached, is that of
 * the group and of all that wait behind it, for they would only wait as long for the same. So is a commit that takes
 * too long: over a connection that died in silence it would keep everybody waiting. Whether it was done is unknown then.
 *
 * <p>Who cancels before their group began takes their item back; after that the item is committed and nobody is told.
 * Safe for use by any thread.
 */
final class GroupCommit<T, R> {

    private final Limits limits;
    private final ToLongFunction<T> weigh;
    private final Function<List<T>, Mono<List<R>>> commit;
    private final Predicate<Throwable> mayBeOnes;

    // Both are guarded by this. No foreign code is called while it is held.
    private final Queue<Waiting<T, R>> queue = new ArrayDeque<>();
    private boolean isCommitting;

    /**
     * @param weigh how much an item weighs
     * @param commit commits items in one transaction; the results in the order of the items
     * @param mayBeOnes whether a failure may be the fault of a single item, and nothing was committed
     */
    GroupCommit(
            Limits limits,
            ToLongFunction<T> weigh,
            Function<List<T>, Mono<List<R>>> commit,
            Predicate<Throwable> mayBeOnes) {
        this.limits = limits;
        this.weigh = weigh;
        this.commit = commit;
        this.mayBeOnes = mayBeOnes;
    }

    /**
     * @param waiting the most items that wait
     * @param items the most items of a group
     * @param weight a group that weighs as much is complete
     * @param longest how long a commit may take before it's given up
     */
    record Limits(int waiting, int items, long weight, Duration longest) {}

    /** Commits an item; {@link Problem#UNAVAILABLE} when too many wait already. */
    Mono<R> commit(T item) {
        return Mono.create(sink -> {
            var waiting = new Waiting<>(item, sink);
            if (!enqueue(waiting)) {
                sink.error(Problem.UNAVAILABLE.because("Too many articles wait to be written at the moment."));
                return;
            }
            sink.onCancel(() -> takeBack(waiting));
            next();
        });
    }

    /** An item and who waits for its result; no two are equal. */
    private static final class Waiting<T, R> {

        private final T item;
        private final MonoSink<R> sink;

        private Waiting(T item, MonoSink<R> sink) {
            this.item = item;
            this.sink = sink;
        }
    }

    /** How many items wait for the next group. */
    synchronized int queued() {
        return queue.size();
    }

    private synchronized boolean enqueue(Waiting<T, R> waiting) {
        return queue.size() < limits.waiting() && queue.add(waiting);
    }

    private synchronized void takeBack(Waiting<T, R> waiting) {
        queue.remove(waiting);
    }

    /** The next group, unless there is none or another one is being committed; then it's empty. */
    private synchronized List<Waiting<T, R>> begin() {
        var group = new ArrayList<Waiting<T, R>>();
        if (isCommitting) {
            return group;
        }
        var weight = 0L;
        while (!queue.isEmpty() && group.size() < limits.items() && weight < limits.weight()) {
            var waiting = queue.remove();
            weight += weigh.applyAsLong(waiting.item);
            group.add(waiting);
        }
        isCommitting = !group.isEmpty();
        return group;
    }

    private synchronized void end() {
        isCommitting = false;
    }

    private synchronized List<Waiting<T, R>> takeAll() {
        var all = List.copyOf(queue);
        queue.clear();
        return all;
    }

    private void next() {
        var group = begin();
        if (group.isEmpty()) {
            return;
        }
        // The next group is on its way before this one's results are told: the store works while answers are written.
        var results = new ArrayList<Runnable>(group.size());
        tryAll(group)
                .onErrorMap(TimeoutException.class, GroupCommit::tooLong)
                .subscribe(
                        results::add,
                        error -> {
                            var rest = takeAll();
                            goOn(() -> {
                                results.forEach(Runnable::run);
                                // Results are in the order of the items, so these have none.
                                group.subList(results.size(), group.size())
                                        .forEach(waiting -> waiting.sink.error(error));
                                rest.forEach(waiting -> waiting.sink.error(error));
                            });
                        },
                        () -> goOn(() -> results.forEach(Runnable::run)));
    }

    private static ProblemException tooLong(Throwable timeout) {
        return Problem.UNAVAILABLE.because("Writing takes too long at the moment. The article may have been written.");
    }

    private void goOn(Runnable tell) {
        end();
        next();
        tell.run();
    }

    /** What to tell to whom, once all that can be committed is committed. */
    private Flux<Runnable> tryAll(List<Waiting<T, R>> group) {
        return Mono.defer(() ->
                        commit.apply(group.stream().map(waiting -> waiting.item).toList()))
                .timeout(limits.longest())
                .flatMapIterable(results -> success(group, results))
                .onErrorResume(mayBeOnes, error -> {
                    if (group.size() == 1) {
                        return Flux.just(() -> group.getFirst().sink.error(error));
                    }
                    var middle = group.size() / 2;
                    return Flux.concat(tryAll(group.subList(0, middle)), tryAll(group.subList(middle, group.size())));
                });
    }

    private List<Runnable> success(List<Waiting<T, R>> group, List<R> results) {
        if (results.size() != group.size()) {
            throw new IllegalStateException(results.size() + " results of " + group.size() + " items");
        }
        var tell = new ArrayList<Runnable>(group.size());
        for (var i = 0; i < group.size(); i++) {
            var sink = group.get(i).sink;
            var result = results.get(i);
            tell.add(() -> sink.success(result));
        }
        return tell;
    }
}
