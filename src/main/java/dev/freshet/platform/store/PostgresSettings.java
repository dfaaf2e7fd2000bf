package dev.freshet.platform.store;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How PostgreSQL is reached.
 *
 * @param url {@code postgresql://user:password@host:port/database}, where more hosts may follow after commas (the one
 *     that takes writes is used) and {@code ?sslmode=} and {@code &sslrootcert=} may follow the database; see
 *     {@link PostgresUrl}. Without it, an embedded server is used
 * @param maxConnections the most connections for everything but the reading of the log
 * @param maxLogReadConnections the most connections for reading the log, so that many subscribers who catch up never
 *     keep an author waiting
 * @param statementCacheSize how many prepared statements each connection keeps; 0 behind a pooler that lends a
 *     connection for one transaction only, such as PgBouncer
 */
@Validated
@ConfigurationProperties("freshet.postgres")
record PostgresSettings(
        @NotBlank(message = "must be given when embedded servers are switched off") @DefaultValue("")
        String url,

        @Min(2) @Max(1000) @DefaultValue("16") int maxConnections,
        @Min(1) @Max(1000) @DefaultValue("4") int maxLogReadConnections,
        @Min(0) @Max(10000) @DefaultValue("256") int statementCacheSize) {}
