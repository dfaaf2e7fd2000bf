package dev.freshet.search;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A filter that passes all words of a set, and few others, by the hash of their bytes. For use by one thread. */
final class WordFilter {

    private static final int MIN_SIZE = 1 << 10;
    /** At most one of so many other words passes. */
    private static final int BITS_PER_WORD = 16;

    private final Set<String> words;
    private long[] bits = new long[MIN_SIZE / Long.SIZE];
    private int size = MIN_SIZE;
    private int added;

    /** @param words may lose words later; {@link #added} reports new ones */
    WordFilter(Set<String> words) {
        this.words = words;
    }

    /** Returns the hash of bytes by that of all but the last of them; 0 is the hash of none. */
    static int hash(int hash, byte last) {
        return 31 * hash + last;
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

    void added(String word) {
        if (++added * BITS_PER_WORD > size) {
            // Without the words that were removed.
            size = Math.max(MIN_SIZE, 4 * Integer.highestOneBit(words.size() * BITS_PER_WORD));
            bits = new long[size / Long.SIZE];
            added = words.size();
            words.forEach(this::set);
        } else {
            set(word);
        }
    }

    private void set(String word) {
        var index = index(hash(word.getBytes(StandardCharsets.UTF_8)));
        bits[index / Long.SIZE] |= 1L << index;
    }

    boolean mayContain(int hash) {
        var index = index(hash);
        return (bits[index / Long.SIZE] & (1L << index)) != 0;
    }

    private int index(int hash) {
        return spread(hash) >>> Integer.numberOfLeadingZeros(size - 1);
    }
}
