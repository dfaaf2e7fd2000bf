package dev.freshet.identity.credential;

import java.time.Instant;
import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The revocation of a credential.
 *
 * @param at time of the revocation
 * @param until the end of everything derived from the credential, at the latest
 */
@Table("revocation")
record Revocation(@Id UUID credential, Instant at, Instant until) {}
