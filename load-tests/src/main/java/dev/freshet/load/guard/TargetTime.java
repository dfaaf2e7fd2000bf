package dev.freshet.load.guard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The processor time of a target since the first reading. It includes processes that have ended since. */
final class TargetTime {

    private final ToDoubleFunction<Long> read;
    // By process: its processor time at the last reading.
    private final Map<Long, Double> last = new HashMap<>();
    private boolean hasBegun;
    private double seconds;

    /** @param read returns the processor time of a process since its start, in seconds; 0 after its end */
    TargetTime(ToDoubleFunction<Long> read) {
        this.read = read;
    }

    /** Reads the processes that run now, and returns the time of all in seconds. */
    double seconds(List<Long> processes) {
        for (var process : processes) {
            var now = read.applyAsDouble(process);
            var before = last.getOrDefault(process, hasBegun ? 0 : now);
            seconds += Math.max(0, now - before);
            last.put(process, Math.max(now, before));
        }
        hasBegun = true;
        return seconds;
    }
}
