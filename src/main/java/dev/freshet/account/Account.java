package dev.freshet.account;

import java.time.Instant;
import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Somebody who writes articles.
 *
 * @param name unique; the author of articles that name none
 */
@Table("account")
public record Account(@Id UUID id, String name, Instant createdAt) {}
