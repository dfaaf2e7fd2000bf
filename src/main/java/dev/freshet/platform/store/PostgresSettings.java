package dev.freshet.platform.store;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Connection to PostgreSQL.
 *
 * @param url {@code postgresql://user:password@host:port/database}. More hosts may follow after commas; the primary is
 *      used. {@code ?sslmode=} and {@code &sslrootcert=} may follow the database; see {@link PostgresUrl}. Without a
 *      URL an embedded server is used
 * @param maxConnections maximum connections for everything except reading the log
 * @param maxLogReadConnections maximum connections for reading the log, so that catch-ups never delay an author
 * @param statementCacheSize prepared statements per connection; 0 behind a pooler that assigns connections per
 *      transaction, such as PgBouncer
 */
@Validated
@ConfigurationProperties("freshet.postgres")
record PostgresSettings(
        @NotBlank(message = "must be set when embedded servers are switched off") @DefaultValue("")
        String url,

        @Min(2) @Max(1000) @DefaultValue("16") int maxConnections,
        @Min(1) @Max(1000) @DefaultValue("4") int maxLogReadConnections,
        @Min(0) @Max(10000) @DefaultValue("256") int statementCacheSize) {}
