package dev.freshet.delivery.webhook;

import dev.freshet.platform.WireName;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key that signs webhooks as Standard Webhooks specifies.
 *
 * @param algorithm the wire name of an {@link Algorithm}
 * @param secret base64 of the shared secret, or of the private key in PKCS 8
 * @param shown the key of the receiver: {@code whsec_} and the secret, or {@code whpk_} and the public key
 * @param until when it expires; null for the newest key
 */
record SigningKey(
        String algorithm,
        String secret,
        String shown,
        @Nullable Instant until) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final int PUBLIC_KEY_BYTES = 32;

    /** The algorithms that an owner can choose. */
    enum Algorithm implements WireName {
        /** A secret that both sides know. */
        HMAC_SHA256,
        /** The receiver knows the public key only. */
        ED25519
    }

    /** Creates a key. May block, since it needs random numbers. */
    static SigningKey create(Algorithm algorithm) {
        try {
            return switch (algorithm) {
                case HMAC_SHA256 -> {
                    var bytes = new byte[SECRET_BYTES];
                    RANDOM.nextBytes(bytes);
                    var secret = base64(bytes);
                    yield new SigningKey(algorithm.wireName(), secret, "whsec_" + secret, null);
                }
                case ED25519 -> {
                    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                    var encoded = pair.getPublic().getEncoded();
                    // The last bytes of its X.509 form are the key itself.
                    var key = Arrays.copyOfRange(encoded, encoded.length - PUBLIC_KEY_BYTES, encoded.length);
                    yield new SigningKey(
                            algorithm.wireName(), base64(pair.getPrivate().getEncoded()), "whpk_" + base64(key), null);
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java lacks the algorithm " + algorithm, e);
        }
    }

    /** Returns this key with the time at which it expires. */
    SigningKey expiring(Instant time) {
        return new SigningKey(algorithm, secret, shown, time);
    }

    boolean isValid(Instant now) {
        return until == null || until.isAfter(now);
    }

    /** Returns a signature of a message for the header {@code webhook-signature}. */
    String sign(String id, long timestamp, byte[] body) {
        var prefix = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        try {
            if (algorithm.equals(Algorithm.ED25519.wireName())) {
                var signature = Signature.getInstance("Ed25519");
                signature.initSign(KeyFactory.getInstance("Ed25519")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(secret))));
                signature.update(prefix);
                signature.update(body);
                return "v1a," + base64(signature.sign());
            }
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA256"));
            mac.update(prefix);
            return "v1," + base64(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A webhook cannot be signed", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Omits the secret. */
    @Override
    public String toString() {
        return "SigningKey[" + algorithm + "]";
    }
}
