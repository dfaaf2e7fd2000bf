package dev.freshet.content.intake;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of imports.
 *
 * @param lineLimit the maximum length of an NDJSON line without its line ending; a longer line is rejected, and the
 *     import continues
 * @param documentLimit the maximum size of an Atom, RSS or JSON Feed document, which is held in memory; a larger document
 *     gets 413
 * @param unpackedLimit the maximum decompressed size of a gzip body; the import ends there
 * @param batchEntries the maximum number of articles in a transaction
 * @param batchSize the amount of text that completes a batch early
 * @param batchWait maximum time that an article waits for others before its batch is committed
 * @param rejectionLimit the maximum number of rejections in an {@code application/json} summary; all are counted
 */
@ConfigurationProperties("freshet.import")
record ImportSettings(
        @DefaultValue("2MB") @NotNull DataSize lineLimit,
        @DefaultValue("32MB") @NotNull DataSize documentLimit,
        @DefaultValue("4GB") @NotNull DataSize unpackedLimit,
        @DefaultValue("250") @Min(1) @Max(1000) int batchEntries,
        @DefaultValue("1MB") @NotNull DataSize batchSize,

        @DefaultValue("200ms") @NotNull @DurationMin(millis = 10)
        Duration batchWait,

        @DefaultValue("1000") @Min(0) @Max(100_000) int rejectionLimit) {

    ImportSettings {
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
