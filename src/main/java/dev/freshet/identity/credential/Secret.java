package dev.freshet.identity.credential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A secret of 256 random bits in the form that its bearer presents. Only its SHA-256 digest is stored.
 *
 * @param text to be shown to its owner once
 */
public record Secret(String text) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    /** Creates a new secret. */
    public static Secret create(CredentialType type) {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new Secret(
                type.prefix() + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    public boolean is(CredentialType type) {
        return text.startsWith(type.prefix());
    }

    public byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Hides the secret from logs. */
    @Override
    public String toString() {
        return "a secret";
    }
}
