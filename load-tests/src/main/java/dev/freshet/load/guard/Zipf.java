package dev.freshet.load.guard;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Numbers from 1 on, of which the n-th has a frequency in proportion to {@code 1 / n^exponent}. */
public final class Zipf {

    private final double[] sums;

    public Zipf(int count, double exponent) {
        sums = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++) {
            sum += Math.pow(i + 1, -exponent);
            sums[i] = sum;
        }
    }

    public int next(RandomGenerator random) {
        var found = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
        return Math.min(sums.length, (found < 0 ? -found - 1 : found) + 1);
    }
}
