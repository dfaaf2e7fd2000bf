package dev.freshet.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The words of an article at their positions, as PostgreSQL stores them. Each lexeme is in UTF-8, with a zero after it. The
 * number of its positions and the positions follow, in two bytes each. The upper two bits of a position are its weight. Lexemes
 * are in the order of their bytes. Immutable.
 */
public final class SearchDocument {

    private static final int WEIGHT_SHIFT = 14;
    private static final int POSITION_MASK = (1 << WEIGHT_SHIFT) - 1;

    private static final int OBJECT_BYTES = 64;
    private static final int MAX_PREFIX_LENGTH = 3;

    private final byte[] bytes;
    // By lexeme: the index of the zero after it.
    private final int[] ends;

    private SearchDocument(byte[] bytes) {
        this.bytes = bytes;
        this.ends = new int[ByteBuffer.wrap(bytes).getInt()];
        for (var i = 0; i < ends.length; i++) {
            var end = start(i);
            while (bytes[end] != 0) {
                end++;
            }
            ends[i] = end;
        }
    }

    /**
     * Reads a document that was stored.
     *
     * @param vector the result of PostgreSQL's function {@code tsvectorsend}
     */
    public static SearchDocument read(ByteBuffer vector) {
        var bytes = new byte[vector.remaining()];
        vector.duplicate().get(bytes);
        return new SearchDocument(bytes);
    }

    /** Returns the approximate memory of the document in bytes. */
    public long memory() {
        return OBJECT_BYTES + bytes.length + (long) Integer.BYTES * ends.length;
    }

    /** Returns the number of lexemes. */
    int size() {
        return ends.length;
    }

    /** Returns the bytes of all lexemes, which must not be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Returns the end of a lexeme in the bytes. */
    int end(int index) {
        return ends[index];
    }

    /** Returns the start of a lexeme in the bytes, without the prefix of its kind; see {@link Lexeme#word}. */
    int startOfWord(int index) {
        var start = start(index);
        for (var at = start; at < ends[index] && at < start + MAX_PREFIX_LENGTH; at++) {
            if (bytes[at] == '~') {
                return at + 1;
            }
        }
        return bytes[start] == '=' ? start + 1 : start;
    }

    private String lexeme(int index) {
        var start = start(index);
        return new String(bytes, start, ends[index] - start, StandardCharsets.UTF_8);
    }

    /** Returns whether it has a lexeme in the title, or anywhere. */
    boolean contains(String lexeme, boolean inTitle) {
        var key = lexeme.getBytes(StandardCharsets.UTF_8);
        var index = find(key);
        return isLexeme(index, key) && (!inTitle || isInTitle(index));
    }

    /** Returns whether it has a lexeme with a prefix in the title, or anywhere. */
    boolean containsPrefix(String prefix, boolean inTitle) {
        var key = prefix.getBytes(StandardCharsets.UTF_8);
        for (var index = find(key); index < ends.length && startsWith(index, key); index++) {
            if (!inTitle || isInTitle(index)) {
                return true;
            }
        }
        return false;
    }

    /** Adds the positions of a lexeme less an offset to a set. */
    void addPositions(String lexeme, int offset, boolean inTitle, BitSet set) {
        var key = lexeme.getBytes(StandardCharsets.UTF_8);
        var index = find(key);
        if (!isLexeme(index, key)) {
            return;
        }
        for (var i = 0; i < count(index); i++) {
            var position = position(index, i);
            var start = (position & POSITION_MASK) - offset;
            if (start >= 0 && (!inTitle || position >> WEIGHT_SHIFT == Positions.TITLE)) {
                set.set(start);
            }
        }
    }

    /** Returns the index of the first lexeme that is not before a key. */
    private int find(byte[] key) {
        var from = 0;
        var to = ends.length;
        while (from < to) {
            var middle = (from + to) >>> 1;
            if (Arrays.compareUnsigned(bytes, start(middle), ends[middle], key, 0, key.length) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private boolean isLexeme(int index, byte[] key) {
        return index < ends.length && ends[index] - start(index) == key.length && startsWith(index, key);
    }

    private boolean startsWith(int index, byte[] key) {
        var start = start(index);
        return ends[index] - start >= key.length && Arrays.equals(bytes, start, start + key.length, key, 0, key.length);
    }

    private boolean isInTitle(int index) {
        // The title comes first.
        return count(index) > 0 && position(index, 0) >> WEIGHT_SHIFT == Positions.TITLE;
    }

    private int start(int index) {
        return index == 0 ? Integer.BYTES : ends[index - 1] + 1 + Short.BYTES * (1 + count(index - 1));
    }

    private int count(int index) {
        return unsignedShort(ends[index] + 1);
    }

    private int position(int index, int i) {
        return unsignedShort(ends[index] + 1 + Short.BYTES * (1 + i));
    }

    private int unsignedShort(int at) {
        return (bytes[at] & 0xFF) << Byte.SIZE | (bytes[at + 1] & 0xFF);
    }

    @Override
    public String toString() {
        return IntStream.range(0, ends.length).mapToObj(this::lexeme).collect(Collectors.joining(" "));
    }
}
