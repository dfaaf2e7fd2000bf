package dev.freshet.identity.credential;

import java.time.Instant;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A stored key that signs tokens.
 *
 * @param kid the id of the key in tokens
 * @param jwk the key as JSON (RFC 7517), with its private part
 */
@Table("signing_key")
record SigningKey(@Id String kid, String jwk, Instant createdAt) {

    /** Hides the private part from logs. */
    @Override
    public String toString() {
        return "signing key " + kid;
    }
}
