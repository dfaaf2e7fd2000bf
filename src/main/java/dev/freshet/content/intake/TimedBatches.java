package dev.freshet.content.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Groups items into batches by count, weight or time, whichever comes first. Items are requested only as batches are:
 * unlike {@code bufferTimeout}, a slow consumer makes the source wait.
 *
 * @param count the most items of a batch
 * @param weight a batch that weighs as much is complete
 * @param longest how long an item waits for its batch to fill while there is demand
 */
record TimedBatches(int count, long weight, Duration longest, Scheduler timer) {

    /** The items in their order, in batches that are never empty. */
    <T> Flux<List<T>> of(Flux<T> items, ToIntFunction<T> weigh) {
        return Flux.defer(() -> {
            var open = new Open<T>(weigh);
            var steps = items.<Step<T>>map(Item::new).concatWith(Mono.just(new End<T>()));
            // Not Flux.interval, whose cancellation takes a lock of the timer, on which an event loop could park.
            var ticks = Mono.delay(longest.dividedBy(4), timer).repeat().<Step<T>>map(tick -> new Tick<>());
            return Flux.merge(1, steps, ticks)
                    .takeUntil(End.class::isInstance)
                    .bufferUntil(open::isCompletedBy)
                    .map(TimedBatches::items)
                    .filter(batch -> !batch.isEmpty());
        });
    }

    private static <T> List<T> items(List<Step<T>> steps) {
        var items = new ArrayList<T>(steps.size());
        for (var step : steps) {
            if (step instanceof Item<T> item) {
                items.add(item.value());
            }
        }
        return items;
    }

    private sealed interface Step<T> {}

    private record Item<T>(T value) implements Step<T> {}

    private record Tick<T>() implements Step<T> {}

    private record End<T>() implements Step<T> {}

    /** The batch that is being filled. Steps come one at a time. */
    private final class Open<T> {

        private final ToIntFunction<T> weigh;
        private int items;
        private long weighs;
        private long since;

        private Open(ToIntFunction<T> weigh) {
            this.weigh = weigh;
        }

        private boolean isCompletedBy(Step<T> step) {
            boolean complete = switch (step) {
                case Item<T> item -> {
                    if (items++ == 0) {
                        since = now();
                    }
                    weighs += weigh.applyAsInt(item.value());
                    yield items >= count || weighs >= weight;
                }
                // A tick may be old, from before the batch at hand began.
                case Tick<T> tick -> items == 0 || now() - since >= longest.toMillis() * 3 / 4;
                case End<T> end -> true;
            };
            if (complete) {
                items = 0;
                weighs = 0;
            }
            return complete;
        }

        private long now() {
            return timer.now(TimeUnit.MILLISECONDS);
        }
    }
}
