package dev.freshet.load;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits, for a virtual thread. */
public final class Pause {

    private Pause() {}

    public static void of(Duration length) {
        var end = System.nanoTime() + length.toNanos();
        for (var left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    public static void upTo(Duration longest, Random random) {
        of(Duration.ofMillis(random.nextLong(longest.toMillis() + 1)));
    }

    /** Waits until a condition holds; returns false if it does not in time. */
    public static boolean until(Duration timeout, BooleanSupplier condition) {
        var end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            of(Duration.ofMillis(50));
        }
        return true;
    }
}
