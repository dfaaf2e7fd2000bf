package dev.freshet.stream;

import java.util.function.IntConsumer;

/**
 * A set of numbers from 0 on. Each takes one byte if it is near the one before, so that many sets of many numbers take
 * little memory. A change copies the bytes of the set. For use by one thread.
 */
final class NumberSet {

    private static final int BITS = 7;
    private static final int MASK = (1 << BITS) - 1;
    private static final int CONTINUES = 1 << BITS;
    /** Bytes that are free after a set has grown: this one of so many. */
    private static final int SLACK = 8;

    // The distance of each number from the one before, the first from -1: the low bits first.
    private byte[] bytes = {};
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds a number, unless the set has it. */
    void add(int number) {
        var last = -1;
        var at = 0;
        while (at < size) {
            var next = last + distance(at);
            if (next == number) {
                return;
            }
            var end = end(at);
            if (next > number) {
                replace(at, end, number - last, next - number);
                return;
            }
            last = next;
            at = end;
        }
        replace(size, size, number - last, 0);
    }

    /** Removes a number, if the set has it. */
    void remove(int number) {
        var last = -1;
        for (var at = 0; at < size && last < number; at = end(at)) {
            var next = last + distance(at);
            if (next == number) {
                var end = end(at);
                if (end == size) {
                    replace(at, end, 0, 0);
                } else {
                    replace(at, end(end), number - last + distance(end), 0);
                }
                return;
            }
            last = next;
        }
    }

    /** Calls the consumer with each number, in ascending order. */
    void forEach(IntConsumer consumer) {
        var number = -1;
        for (var at = 0; at < size; at = end(at)) {
            number += distance(at);
            consumer.accept(number);
        }
    }

    private int distance(int at) {
        var distance = 0;
        var shift = 0;
        var next = at;
        while ((bytes[next] & CONTINUES) != 0) {
            distance |= (bytes[next++] & MASK) << shift;
            shift += BITS;
        }
        return distance | (bytes[next] << shift);
    }

    private int end(int at) {
        var end = at;
        while ((bytes[end] & CONTINUES) != 0) {
            end++;
        }
        return end + 1;
    }

    /** Replaces bytes by up to two distances; 0 means none. */
    private void replace(int from, int to, int first, int second) {
        var inserted = width(first) + width(second);
        var changed = size - (to - from) + inserted;
        var fits = changed <= bytes.length && changed >= bytes.length / 2;
        var target = fits ? bytes : new byte[changed + changed / SLACK];
        if (!fits) {
            System.arraycopy(bytes, 0, target, 0, from);
        }
        System.arraycopy(bytes, to, target, from + inserted, size - to);
        write(target, write(target, from, first), second);
        bytes = target;
        size = changed;
    }

    private static int width(int distance) {
        var width = 0;
        for (var rest = distance; rest > 0; rest >>>= BITS) {
            width++;
        }
        return width;
    }

    /** Writes a distance, and returns the index after it. */
    private static int write(byte[] target, int at, int distance) {
        var next = at;
        for (var rest = distance; rest > 0; rest >>>= BITS) {
            target[next++] = (byte) (rest > MASK ? (rest & MASK) | CONTINUES : rest);
        }
        return next;
    }
}
