package dev.freshet.content.intake;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How imports are read.
 *
 * @param lineLimit the longest line of an NDJSON import, without its end; a longer one is rejected by its number, and
 *     the rest goes on
 * @param documentLimit the largest Atom, RSS or JSON Feed document; such a document is read whole, and a larger one is
 *     refused with 413
 * @param unpackedLimit the most that a body with {@code Content-Encoding: gzip} may hold; the import ends there
 * @param batchEntries how many articles one transaction takes at most
 * @param batchSize how much text makes a batch complete before it has {@code batchEntries}
 * @param batchWait how long an article of a slow import waits for others before its batch is committed
 * @param rejectionLimit how many rejections the summary of an {@code application/json} answer lists; all are counted
 */
@Validated
@ConfigurationProperties("freshet.import")
record ImportProperties(
        @DefaultValue("2MB") @NotNull DataSize lineLimit,
        @DefaultValue("32MB") @NotNull DataSize documentLimit,
        @DefaultValue("4GB") @NotNull DataSize unpackedLimit,
        @DefaultValue("250") @Min(1) @Max(1000) int batchEntries,
        @DefaultValue("1MB") @NotNull DataSize batchSize,

        @DefaultValue("200ms") @NotNull @DurationMin(millis = 10)
        Duration batchWait,

        @DefaultValue("1000") @Min(0) @Max(100_000) int rejectionLimit) {

    ImportProperties {
        requireSize("freshet.import.line-limit", lineLimit);
        requireSize("freshet.import.document-limit", documentLimit);
        requireSize("freshet.import.batch-size", batchSize);
        if (unpackedLimit.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "freshet.import.unpacked-limit must be 1B or more, but is " + unpackedLimit);
        }
    }

    private static void requireSize(String name, DataSize size) {
        if (size.toBytes() < 1 || size.toBytes() > DataSize.ofGigabytes(1).toBytes()) {
            throw new IllegalArgumentException(name + " must be 1B to 1GB, but is " + size);
        }
    }
}
