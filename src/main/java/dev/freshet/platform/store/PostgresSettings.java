package dev.freshet.platform.store;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connection to PostgreSQL.
 *
 * @param url {@code postgresql://user:password@host:port/database}. More hosts may follow after commas; the primary is
 *      used. {@code ?sslmode=} and {@code &sslrootcert=} may follow the database; see {@link PostgresUrl}. Without a
 *      URL an embedded server is used
 * @param maxConnections maximum connections for everything except reading pages and the log
 * @param maxPageReadConnections maximum connections for reading pages of feeds, so that slow reads never delay an author
 * @param maxLogReadConnections maximum connections for reading the log, so that catch-ups never delay an author
 * @param statementCacheSize prepared statements per connection; 0 behind a pooler that assigns connections per
 *      transaction, such as PgBouncer
 * @param timeouts time limits of statements
 */
@ConfigurationProperties("freshet.postgres")
record PostgresSettings(
        @NotBlank(message = "must be set when embedded servers are switched off") @DefaultValue("")
        String url,

        @Min(2) @Max(1000) @DefaultValue("12") int maxConnections,
        @Min(1) @Max(1000) @DefaultValue("8") int maxPageReadConnections,
        @Min(1) @Max(1000) @DefaultValue("4") int maxLogReadConnections,
        @Min(0) @Max(10000) @DefaultValue("256") int statementCacheSize,
        @Valid @DefaultValue Timeouts timeouts) {

    /**
     * Time limits after which PostgreSQL ends a statement, each from 100 ms to 1 h.
     *
     * @param pageRead limit for a read of a page
     * @param logRead limit for a read of the log
     * @param longStatement limit for a statement in the background, such as counting all articles
     * @param statement limit for any other statement
     */
    record Timeouts(
            @DurationMin(millis = 100) @DurationMax(hours = 1) @DefaultValue("5s")
            Duration pageRead,

            @DurationMin(millis = 100) @DurationMax(hours = 1) @DefaultValue("10s")
            Duration logRead,

            @DurationMin(millis = 100) @DurationMax(hours = 1) @DefaultValue("1h")
            Duration longStatement,

            @DurationMin(millis = 100) @DurationMax(hours = 1) @DefaultValue("30s")
            Duration statement) {}
}
