package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class GroupCommitTests {

    private final List<List<String>> begun = new CopyOnWriteArrayList<>();
    private final List<Sinks.Empty<Void>> commits = new CopyOnWriteArrayList<>();
    private final List<String> outcomes = new CopyOnWriteArrayList<>();

    @Test
    void singleItemIsCommittedAtOnce() {
        var group = group(10, 10, 1000);
        submit(group, "a");
        assertThat(begun).containsExactly(List.of("a"));
        finish();
        assertThat(outcomes).containsExactly("A");
    }

    @Test
    void itemsDuringACommitFormTheNextGroupInOrder() {
        var group = group(10, 3, 1000);
        List.of("a", "b", "c", "d", "e").forEach(item -> submit(group, item));
        assertThat(begun).containsExactly(List.of("a"));
        finish();
        assertThat(begun).containsExactly(List.of("a"), List.of("b", "c", "d"));
        finish();
        finish();
        assertThat(begun).hasSize(3).endsWith(List.of("e"));
        assertThat(outcomes).containsExactly("A", "B", "C", "D", "E");
    }

    @Test
    void groupIsCompleteAtItsMaximumSize() {
        var group = group(10, 10, 4);
        List.of("a", "bbb", "cc", "d").forEach(item -> submit(group, item));
        finish();
        finish();
        assertThat(begun).containsExactly(List.of("a"), List.of("bbb", "cc"), List.of("d"));
    }

    @Test
    void invalidItemsOfAGroupFailAlone() {
        var group = group(100, 100, 1000);
        submit(group, "first");
        for (var i = 0; i < 32; i++) {
            submit(group, i == 5 || i == 20 ? "bad" + i : "x" + i);
        }
        while (begun.size() > commits.stream().filter(GroupCommitTests::isDone).count()) {
            finish();
        }
        assertThat(outcomes).hasSize(33).contains("refused bad5", "refused bad20");
        assertThat(outcomes.stream().filter(line -> line.startsWith("X"))).hasSize(30);
        // Halves, not one by one.
        assertThat(begun.size()).isLessThan(22);
    }

    @Test
    void cancellationBeforeTheGroupRemovesTheItem() {
        var group = group(10, 10, 1000);
        submit(group, "a");
        var second = submit(group, "b");
        submit(group, "c");
        second.dispose();
        finish();
        assertThat(begun).containsExactly(List.of("a"), List.of("c"));
    }

    @Test
    void laterCancellationDoesNotAffectTheGroup() {
        var group = group(10, 10, 1000);
        submit(group, "a").dispose();
        submit(group, "b");
        finish();
        finish();
        assertThat(begun).containsExactly(List.of("a"), List.of("b"));
        assertThat(outcomes).containsExactly("B");
    }

    @Test
    void itemBeyondTheQueueIsRefused() {
        var group = group(2, 10, 1000);
        List.of("a", "b", "c", "d").forEach(item -> submit(group, item));
        assertThat(outcomes).containsExactly("refused d");
        finish();
        submit(group, "e");
        finish();
        finish();
        assertThat(outcomes).containsExactly("refused d", "A", "B", "C", "E");
    }

    @Test
    void failedGroupIsNotRetriedAndFailsAllWaiting() {
        var group = group(10, 1, 1000);
        List.of("a", "b", "c").forEach(item -> submit(group, item));
        commits.getLast().tryEmitError(new IllegalStateException("no store"));
        assertThat(outcomes).containsExactly("no store a", "no store b", "no store c");
        assertThat(begun).containsExactly(List.of("a"));
        submit(group, "d");
        finish();
        assertThat(outcomes).endsWith("D");
    }

    @Test
    void committedPartOfASplitGroupSucceeds() {
        var group = group(10, 10, 1000);
        List.of("a", "b", "bad", "c", "d").forEach(item -> submit(group, item));
        for (var i = 0; i < 5; i++) {
            finish();
        }
        assertThat(begun).endsWith(List.of("b"), List.of("bad"), List.of("c", "d"));
        commits.getLast().tryEmitError(new IllegalStateException("no store"));
        assertThat(outcomes).containsExactly("A", "B", "refused bad", "no store c", "no store d");
    }

    @Test
    void endlessCommitTimesOutAndLaterOnesSucceed() {
        var group = group(10, 10, 1000, Duration.ofMillis(200));
        List.of("a", "b").forEach(item -> submit(group, item));
        until(() -> outcomes.size() == 2);
        assertThat(outcomes).containsExactly("refused a", "refused b");
        submit(group, "c");
        finish();
        assertThat(begun).containsExactly(List.of("a"), List.of("c"));
        assertThat(outcomes).endsWith("C");
    }

    @Test
    void manyThreadsLoseNothing() {
        var group = new GroupCommit<Integer, Integer>(
                new GroupCommit.Limits(100_000, 7, 1000, TIMEOUT),
                item -> 1,
                items -> Mono.delay(Duration.ofNanos(1000)).thenReturn(items),
                error -> false);
        var results = Flux.range(0, 20_000)
                .flatMap(i -> group.commit(i).subscribeOn(Schedulers.parallel()), 64)
                .collectList()
                .block(TIMEOUT);
        assertThat(results).hasSize(20_000).doesNotHaveDuplicates();
    }

    private GroupCommit<String, String> group(int waiting, int items, long weight) {
        return group(waiting, items, weight, TIMEOUT);
    }

    private GroupCommit<String, String> group(int waiting, int items, long weight, Duration timeout) {
        return new GroupCommit<>(
                new GroupCommit.Limits(waiting, items, weight, timeout),
                String::length,
                this::begin,
                ProblemException.class::isInstance);
    }

    /** A commit that the test completes. */
    private Mono<List<String>> begin(List<String> items) {
        var commit = Sinks.<Void>empty();
        begun.add(List.copyOf(items));
        commits.add(commit);
        return commit.asMono().then(Mono.fromSupplier(() -> {
            if (items.stream().anyMatch(item -> item.startsWith("bad"))) {
                throw Problem.INVALID_REQUEST.because("bad");
            }
            return items.stream()
                    .map(item -> item.toUpperCase(java.util.Locale.ROOT))
                    .toList();
        }));
    }

    private void finish() {
        commits.getLast().tryEmitEmpty();
    }

    private static boolean isDone(Sinks.Empty<Void> commit) {
        return Boolean.TRUE.equals(commit.scan(reactor.core.Scannable.Attr.TERMINATED));
    }

    private Disposable submit(GroupCommit<String, String> group, String item) {
        return group.commit(item)
                .subscribe(
                        outcomes::add,
                        error -> outcomes.add(
                                (error instanceof ProblemException ? "refused " : error.getMessage() + " ") + item));
    }
}
