package dev.freshet.search;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A filter that passes all words of a set, and few others, by their hashes: a Bloom filter with two bits for each. For use by
 * one thread.
 */
final class WordFilter {

    private static final int MIN_SIZE = 1 << 10;
    /** At most one of 64 other words passes. */
    private static final int BITS_PER_WORD = 16;

    private final Supplier<IntStream> hashes;
    private long[] bits = new long[MIN_SIZE / Long.SIZE];
    private int size = MIN_SIZE;
    private int added;

    /** @param hashes returns those of all words at the time of the call; {@link #added} reports new ones */
    WordFilter(Supplier<IntStream> hashes) {
        this.hashes = hashes;
    }

    /** Returns the hash of bytes by that of all but the last of them; 0 is the hash of none. */
    static int hash(int hash, byte last) {
        return 31 * hash + last;
    }

    static int hash(String word) {
        return hash(word.getBytes(StandardCharsets.UTF_8));
    }

    static int hash(byte[] word) {
        var hash = 0;
        for (var each : word) {
            hash = hash(hash, each);
        }
        return hash;
    }

    /** Returns a number whose upper bits depend on all bits of a hash. */
    static int spread(int hash) {
        return hash * 0x9E37_79B9;
    }

    /** Like {@link #spread}, and independent of it. */
    private static int otherSpread(int hash) {
        return hash * 0x85EB_CA6B;
    }

    /** Reports a word that {@code hashes} contains from now on. */
    void added(int hash) {
        if (++added * BITS_PER_WORD > size) {
            // Without the words that were removed.
            var all = hashes.get().toArray();
            size = Math.max(MIN_SIZE, 4 * Integer.highestOneBit(all.length * BITS_PER_WORD));
            bits = new long[size / Long.SIZE];
            added = all.length;
            for (var each : all) {
                set(each);
            }
        } else {
            set(hash);
        }
    }

    private void set(int hash) {
        setBit(index(spread(hash)));
        setBit(index(otherSpread(hash)));
    }

    private void setBit(int index) {
        bits[index / Long.SIZE] |= 1L << index;
    }

    boolean mayContain(int hash) {
        return isSet(index(spread(hash))) && isSet(index(otherSpread(hash)));
    }

    private boolean isSet(int index) {
        return (bits[index / Long.SIZE] & (1L << index)) != 0;
    }

    private int index(int spread) {
        return spread >>> Integer.numberOfLeadingZeros(size - 1);
    }
}
