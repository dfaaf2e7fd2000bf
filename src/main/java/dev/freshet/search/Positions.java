package dev.freshet.search;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The positions of a lexeme in a document, ascending, with their weights. */
final class Positions {

    static final int TITLE = 3;
    static final int SUMMARY = 2;
    static final int BODY = 1;

    private static final int WEIGHT_BITS = 2;
    /** The letters of the weights in PostgreSQL, the lowest first. */
    private static final String WEIGHTS = "DCBA";

    private int[] packed = new int[1];
    private int size;

    int size() {
        return size;
    }

    /** Adds a position that is not below the last one; returns false if it is the last one. */
    boolean add(int position, int weight) {
        if (size > 0 && packed[size - 1] >> WEIGHT_BITS == position) {
            return false;
        }
        if (size == packed.length) {
            packed = Arrays.copyOf(packed, 2 * size);
        }
        packed[size++] = position << WEIGHT_BITS | weight;
        return true;
    }

    /** Writes the number of the positions and the positions as a {@link SearchDocument} has them. */
    void writeTo(ByteBuffer bytes) {
        bytes.putShort((short) size);
        for (var i = 0; i < size; i++) {
            var weight = packed[i] & TITLE;
            bytes.putShort((short) (weight << SearchDocument.WEIGHT_SHIFT | packed[i] >> WEIGHT_BITS));
        }
    }

    /** Appends the positions in the form of PostgreSQL, such as {@code 1A,17C}. */
    void appendTo(StringBuilder text) {
        for (var i = 0; i < size; i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append(packed[i] >> WEIGHT_BITS).append(WEIGHTS.charAt(packed[i] & TITLE));
        }
    }
}
