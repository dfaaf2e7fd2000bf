package dev.freshet.identity.credential;

import java.security.SecureRandom;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;

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

    /** Returns whether it has the prefix of this type. */
    public boolean is(CredentialType type) {
        return text.startsWith(type.prefix());
    }

    /** Returns the SHA-256 of the text in UTF-8. */
    public byte[] digest() {
        return DigestUtils.sha256(text);
    }

    /** Hides the secret from logs. */
    @Override
    public String toString() {
        return "a secret";
    }
}
