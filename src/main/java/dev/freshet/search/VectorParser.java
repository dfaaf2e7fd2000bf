package dev.freshet.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Parses the words of articles that were not read from PostgreSQL. For use by one thread, which may parse many. */
public final class VectorParser {

    private static final int MIN_LEXEMES = 256;

    private byte[] text = {};
    private byte[] stored = {};
    private int[] starts = new int[MIN_LEXEMES];
    private int[] hashes = new int[MIN_LEXEMES];
    private int at;
    private int end;

    /**
     * Parses the words of an article.
     *
     * @param vector the result of {@link SearchVector#of}
     */
    public SearchDocument parse(String vector) {
        text = vector.getBytes(StandardCharsets.UTF_8);
        // Each lexeme takes fewer bytes than its text.
        if (stored.length < Integer.BYTES + text.length) {
            stored = new byte[Integer.BYTES + text.length];
        }
        at = 0;
        end = Integer.BYTES;
        var size = 0;
        while (at < text.length) {
            if (size == starts.length) {
                starts = Arrays.copyOf(starts, 2 * size);
                hashes = Arrays.copyOf(hashes, 2 * size);
            }
            starts[size] = end;
            hashes[size++] = copyLexeme();
            copyPositions();
        }
        ByteBuffer.wrap(stored).putInt(size);
        return new SearchDocument(Arrays.copyOf(stored, end), size, starts, hashes);
    }

    /** Copies a lexeme in quotes. Returns the hash of its word. */
    private int copyLexeme() {
        var from = text;
        var start = at + 1;
        var read = start + SearchDocument.prefixLength(from, start);
        var hash = 0;
        while (from[read] != '\'' && from[read] != '\\') {
            hash = WordFilter.hash(hash, from[read++]);
        }
        System.arraycopy(from, start, stored, end, read - start);
        end += read - start;
        // Quotes and backslashes are doubled.
        while (from[read] != '\'' || from[read + 1] == '\'') {
            hash = WordFilter.hash(hash, from[read]);
            stored[end++] = from[read];
            read += from[read] == '\'' || from[read] == '\\' ? 2 : 1;
        }
        stored[end++] = 0;
        at = read + 1;
        return hash;
    }

    /** Copies positions such as {@code :1A,17C}, and skips the space after them. */
    private void copyPositions() {
        var from = text;
        var count = end;
        var write = end + Short.BYTES;
        var read = at;
        while (read < from.length && from[read] != ' ') {
            var position = 0;
            for (read++; from[read] <= '9'; read++) {
                position = 10 * position + from[read] - '0';
            }
            // The letters of the weights are from D, the lowest, to A.
            putShort(write, (('D' - from[read++]) << SearchDocument.WEIGHT_SHIFT) | position);
            write += Short.BYTES;
        }
        putShort(count, (write - count) / Short.BYTES - 1);
        end = write;
        at = read + 1;
    }

    private void putShort(int index, int value) {
        stored[index] = (byte) (value >> Byte.SIZE);
        stored[index + 1] = (byte) value;
    }
}
