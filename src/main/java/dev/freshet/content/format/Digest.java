package dev.freshet.content.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Short digests, to notice changes. Two contents have the same one by accident once in 2^64 cases. */
public final class Digest {

    private Digest() {}

    /** Returns the digest of bytes, which is the same in every process. */
    public static long of(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("The Java runtime lacks SHA-256", e);
        }
    }

    static long of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }
}
