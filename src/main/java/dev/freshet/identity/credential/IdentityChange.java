package dev.freshet.identity.credential;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The revocation of a credential, or the change of an account.
 *
 * @param id the id of the credential or account
 * @param at time of the revocation or of the last change
 * @param until the end of everything derived from the credential, at the latest; null for an account
 */
@Table("revocation")
record IdentityChange(@Id UUID id, Instant at, @Nullable Instant until) {}
