package dev.freshet.identity.account;

import java.time.Instant;
import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The Argon2id hash of an account's password.
 *
 * @param changedAt the time at which the password was set; a new hash of the same password keeps it
 */
@Table("password")
record PasswordHash(@Id UUID account, String hash, Instant changedAt) {}
