package dev.freshet.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The words of an article at their positions, as PostgreSQL stores them. Each lexeme is in UTF-8, with a zero after it. The
 * number of its positions and the positions follow, in two bytes each. The upper two bits of a position are its weight. An
 * index by the hash of the word finds a lexeme of any kind. Immutable.
 */
public final class SearchDocument {

    static final int WEIGHT_SHIFT = 14;

    private static final int POSITION_MASK = (1 << WEIGHT_SHIFT) - 1;
    private static final int OBJECT_BYTES = 96;
    private static final int MAX_PREFIX_LENGTH = 3;
    private static final int LEXEMES_PER_BUCKET = 4;

    private final byte[] bytes;
    // By lexeme: the index of its first byte. Lexemes whose words have similar hashes follow each other.
    private final int[] starts;
    // By lexeme: the hash of its word, which is the lexeme without the prefix of its kind.
    private final int[] hashes;
    // By lexeme: a hash of the prefix of its kind.
    private final byte[] kinds;
    // By bucket of hashes: the index of its first lexeme. The last element is their number.
    private final int[] buckets;

    /**
     * @param bytes the result of PostgreSQL's function {@code tsvectorsend}
     * @param starts by lexeme, in any order: the index of its first byte; may be longer
     * @param hashes by lexeme: {@link WordFilter#hash} of its word; may be longer
     */
    SearchDocument(byte[] bytes, int size, int[] starts, int[] hashes) {
        this.bytes = bytes;
        this.starts = new int[size];
        this.hashes = new int[size];
        this.kinds = new byte[size];
        this.buckets = new int[size / LEXEMES_PER_BUCKET + 2];
        for (var i = 0; i < size; i++) {
            buckets[bucket(hashes[i])]++;
        }
        for (var i = 1; i < buckets.length; i++) {
            buckets[i] += buckets[i - 1];
        }
        // Each bucket is filled from its end to its start.
        for (var i = 0; i < size; i++) {
            var place = --buckets[bucket(hashes[i])];
            this.starts[place] = starts[i];
            this.hashes[place] = hashes[i];
            this.kinds[place] = hashOfKind(bytes, starts[i]);
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
        var size = ByteBuffer.wrap(bytes).getInt();
        var starts = new int[size];
        var hashes = new int[size];
        var at = Integer.BYTES;
        for (var i = 0; i < size; i++) {
            starts[i] = at;
            at += prefixLength(bytes, at);
            var hash = 0;
            for (; bytes[at] != 0; at++) {
                hash = WordFilter.hash(hash, bytes[at]);
            }
            hashes[i] = hash;
            at += 1 + Short.BYTES * (1 + unsignedShort(bytes, at + 1));
        }
        return new SearchDocument(bytes, size, starts, hashes);
    }

    /** Returns {@link WordFilter#hash} of the word of the lexeme at an index in the bytes. */
    static int hashOfWord(byte[] bytes, int start) {
        var hash = 0;
        for (var at = start + prefixLength(bytes, start); bytes[at] != 0; at++) {
            hash = WordFilter.hash(hash, bytes[at]);
        }
        return hash;
    }

    private static byte hashOfKind(byte[] bytes, int start) {
        var hash = 0;
        for (var at = start; at < start + prefixLength(bytes, start); at++) {
            hash = WordFilter.hash(hash, bytes[at]);
        }
        return (byte) hash;
    }

    /** Returns a hash of a word of a kind, which is {@link #hashOfLexeme} of such a lexeme. */
    static int hashOfLexeme(String kind, String word) {
        return WordFilter.hash(WordFilter.hash(word), (byte) WordFilter.hash(kind));
    }

    /** Returns the length of the prefix of the kind of a lexeme; see {@link Lexeme#prefix}. */
    private static int prefixLength(byte[] bytes, int start) {
        for (var at = start; at < start + MAX_PREFIX_LENGTH && bytes[at] != 0; at++) {
            if (bytes[at] == '~') {
                return at + 1 - start;
            }
        }
        return bytes[start] == '=' ? 1 : 0;
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << Byte.SIZE) | (bytes[at + 1] & 0xFF);
    }

    private int bucket(int hash) {
        return (int) (((WordFilter.spread(hash) & 0xFFFF_FFFFL) * (buckets.length - 1)) >>> Integer.SIZE);
    }

    /** Returns the approximate memory of the document in bytes. */
    public long memory() {
        return OBJECT_BYTES + bytes.length + kinds.length + (long) Integer.BYTES * (2 * starts.length + buckets.length);
    }

    /** Returns the number of lexemes. */
    int size() {
        return starts.length;
    }

    /** Returns the bytes of all lexemes, which must not be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Returns {@link WordFilter#hash} of the word of a lexeme. */
    int hashOfWord(int index) {
        return hashes[index];
    }

    /** Returns a hash of the word of a lexeme and its kind. */
    int hashOfLexeme(int index) {
        return WordFilter.hash(hashes[index], kinds[index]);
    }

    /** Returns the start of the word of a lexeme in the bytes. */
    int startOfWord(int index) {
        return starts[index] + prefixLength(bytes, starts[index]);
    }

    /** Returns the end of a lexeme in the bytes. */
    int end(int index) {
        return end(bytes, starts[index]);
    }

    private static int end(byte[] bytes, int start) {
        var end = start;
        while (bytes[end] != 0) {
            end++;
        }
        return end;
    }

    /** Returns the prefix of the kind of a lexeme; see {@link Lexeme#prefix}. */
    String kind(int index) {
        return text(starts[index], startOfWord(index));
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Returns whether it has a word of some kinds in the title, or anywhere. */
    boolean contains(Set<String> kinds, String word, boolean inTitle) {
        var key = word.getBytes(StandardCharsets.UTF_8);
        var hash = WordFilter.hash(key);
        var end = buckets[bucket(hash) + 1];
        for (var i = buckets[bucket(hash)]; i < end; i++) {
            if (isWord(i, hash, key, kinds) && (!inTitle || isInTitle(i))) {
                return true;
            }
        }
        return false;
    }

    /** Adds the positions of a word of some kinds less an offset to a set. */
    void addPositions(Set<String> kinds, String word, int offset, boolean inTitle, BitSet set) {
        var key = word.getBytes(StandardCharsets.UTF_8);
        var hash = WordFilter.hash(key);
        var end = buckets[bucket(hash) + 1];
        for (var i = buckets[bucket(hash)]; i < end; i++) {
            if (isWord(i, hash, key, kinds)) {
                addPositions(i, offset, inTitle, set);
            }
        }
    }

    private void addPositions(int index, int offset, boolean inTitle, BitSet set) {
        var count = end(index) + 1;
        for (var i = 1; i <= unsignedShort(bytes, count); i++) {
            var position = unsignedShort(bytes, count + i * Short.BYTES);
            var start = (position & POSITION_MASK) - offset;
            if (start >= 0 && (!inTitle || position >> WEIGHT_SHIFT == Positions.TITLE)) {
                set.set(start);
            }
        }
    }

    /** Returns whether it has a lexeme that begins so, in the title or anywhere. Compares each lexeme. */
    boolean containsPrefix(String prefix, boolean inTitle) {
        var key = prefix.getBytes(StandardCharsets.UTF_8);
        for (var i = 0; i < starts.length; i++) {
            if (startsWith(starts[i], key) && (!inTitle || isInTitle(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isWord(int index, int hash, byte[] key, Set<String> kinds) {
        if (hashes[index] != hash) {
            return false;
        }
        var word = startOfWord(index);
        return startsWith(word, key) && bytes[word + key.length] == 0 && kinds.contains(kind(index));
    }

    private boolean startsWith(int start, byte[] key) {
        var end = start + key.length;
        return end <= bytes.length && Arrays.equals(bytes, start, end, key, 0, key.length);
    }

    private boolean isInTitle(int index) {
        // The title comes first.
        var count = end(index) + 1;
        return unsignedShort(bytes, count) > 0
                && unsignedShort(bytes, count + Short.BYTES) >> WEIGHT_SHIFT == Positions.TITLE;
    }

    @Override
    public String toString() {
        return IntStream.range(0, starts.length)
                .mapToObj(i -> text(starts[i], end(i)))
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
