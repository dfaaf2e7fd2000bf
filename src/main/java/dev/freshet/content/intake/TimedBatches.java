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
 * Groups items into batches by count, weight or time, whichever comes first. Reactor's {@code bufferTimeout} knows no
 * weight, and either overruns a slow consumer or requests items ahead of demand. Here, a slow consumer pauses the source.
 *
 * @param count the maximum number of items in a batch
 * @param weight the weight from which a batch is complete
 * @param maxWait maximum time that an item waits for its batch to fill while there is demand
 */
record TimedBatches(int count, long weight, Duration maxWait, Scheduler timer) {

    /** Returns the items in their order, in batches that are never empty. */
    <T> Flux<List<T>> of(Flux<T> items, ToIntFunction<T> weigh) {
        return Flux.defer(() -> {
            var open = new CurrentBatch<T>(weigh);
            var steps = items.<Step<T>>map(Item::new).concatWith(Mono.just(new End<T>()));
            // Not Flux.interval, whose cancellation takes a lock of the timer, on which an event loop could park.
            var ticks = Mono.delay(maxWait.dividedBy(4), timer).repeat().<Step<T>>map(tick -> new Tick<>());
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

    /** The state of the current batch. Steps arrive one at a time. */
    private final class CurrentBatch<T> {

        private final ToIntFunction<T> weigh;
        private int items;
        private long totalWeight;
        private long since;

        private CurrentBatch(ToIntFunction<T> weigh) {
            this.weigh = weigh;
        }

        private boolean isCompletedBy(Step<T> step) {
            boolean complete = switch (step) {
                case Item<T> item -> {
                    if (items++ == 0) {
                        since = now();
                    }
                    totalWeight += weigh.applyAsInt(item.value());
                    yield items >= count || totalWeight >= weight;
                }
                // A buffered tick may be older than the current batch.
                case Tick<T> tick -> items == 0 || now() - since >= maxWait.toMillis() * 3 / 4;
                case End<T> end -> true;
            };
            if (complete) {
                items = 0;
                totalWeight = 0;
            }
            return complete;
        }

        private long now() {
            return timer.now(TimeUnit.MILLISECONDS);
        }
    }
}
