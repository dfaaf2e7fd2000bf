package dev.freshet.identity.account;

import java.util.UUID;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Links an account to a user of an OpenID Connect provider.
 *
 * @param issuer the provider
 * @param subject the user's identifier at the provider
 */
@Table("identity")
record ExternalIdentity(String issuer, String subject, UUID account) {}
