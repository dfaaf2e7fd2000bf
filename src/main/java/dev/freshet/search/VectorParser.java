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

    /** Copies a lexeme in quotes, in which quotes and backslashes are doubled. Returns the hash of its word. */
    private int copyLexeme() {
        var from = text;
        var to = stored;
        var word = at + 1 + SearchDocument.prefixLength(from, at + 1);
        var read = at + 1;
        var write = end;
        var hash = 0;
        for (var next = from[read]; next != '\'' || from[read + 1] == '\''; next = from[read]) {
            to[write++] = next;
            hash = read < word ? 0 : WordFilter.hash(hash, next);
            read += next == '\'' || next == '\\' ? 2 : 1;
        }
        to[write] = 0;
        end = write + 1;
        at = read + 1;
        return hash;
    }

    /** Copies positions such as {@code :1A,17C}, and skips the space after them. */
    private void copyPositions() {
        var count = end;
        end += Short.BYTES;
        var positions = 0;
        while (at < text.length && text[at] != ' ') {
            var position = 0;
            for (at++; text[at] <= '9'; at++) {
                position = 10 * position + text[at] - '0';
            }
            // The letters of the weights are from D, the lowest, to A.
            putShort(end, (('D' - text[at++]) << SearchDocument.WEIGHT_SHIFT) | position);
            end += Short.BYTES;
            positions++;
        }
        putShort(count, positions);
        at++;
    }

    private void putShort(int index, int value) {
        stored[index] = (byte) (value >> Byte.SIZE);
        stored[index + 1] = (byte) value;
    }
}
