package dev.freshet.content.image;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How images are taken and kept.
 *
 * @param folder where they are kept, by default the folder {@code images} in the data folder; one that all instances
 *     share, where there are several
 * @param maxSize the largest upload
 * @param maxPixels the most pixels of an image; a smaller heap takes fewer
 * @param threads how many images are decoded at once
 * @param waiting how many uploads may wait for that; a further one gets 503
 * @param unused how long an image is kept that no article shows
 * @param s3 a bucket to keep them in instead of the folder
 */
@Validated
@ConfigurationProperties("freshet.images")
record ImageSettings(
        @Nullable String folder,
        @NotNull @DefaultValue("10MB") DataSize maxSize,

        @Min(1) @Max(500_000_000) @DefaultValue("40000000") long maxPixels,

        @Min(1) @Max(64) @DefaultValue("1") int threads,
        @Min(1) @Max(10_000) @DefaultValue("32") int waiting,

        @NotNull @DurationMin(minutes = 1) @DefaultValue("24h")
        Duration unused,

        @Valid @NotNull @DefaultValue S3 s3) {

    /**
     * A bucket of Amazon's or of any server that speaks the same.
     *
     * @param bucket its name; without it, the folder is used
     * @param prefix what the names of its objects begin with
     * @param region where it is
     * @param endpoint where the server is, unless it is Amazon's
     * @param pathStyle whether the bucket's name is in the path instead of the host, as many servers need it
     * @param accessKey with {@code secretKey}, who asks; without, as the AWS SDK finds out by itself
     */
    record S3(
            @Nullable String bucket,
            @DefaultValue("images/") String prefix,
            @DefaultValue("us-east-1") String region,
            @Nullable URI endpoint,
            @DefaultValue("false") boolean pathStyle,
            @Nullable String accessKey,
            @Nullable String secretKey) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "S3[bucket=" + bucket + ", endpoint=" + endpoint + "]";
        }
    }
}
