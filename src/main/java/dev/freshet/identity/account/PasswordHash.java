package dev.freshet.identity.account;

import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** The Argon2id hash of an account's password. */
@Table("password")
record PasswordHash(@Id UUID account, String hash) {}
