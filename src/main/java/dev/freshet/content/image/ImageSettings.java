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

/**
 * Settings of images.
 *
 * @param folder the folder that stores them, by default {@code images} in the data folder. Several instances must share it
 * @param maxSize the maximum size of an upload
 * @param maxPixels the maximum number of pixels of an image; a small heap lowers it
 * @param threads the number of images decoded concurrently
 * @param waiting the maximum number of uploads waiting to be decoded; further ones get 503
 * @param unused the time after which an unused image is deleted
 * @param s3 the bucket that replaces the folder
 */
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
     * A bucket of Amazon S3 or a compatible server.
     *
     * @param bucket the name; null to use the folder
     * @param prefix the prefix of object keys
     * @param region the AWS region
     * @param endpoint the URL of the server; null for Amazon S3
     * @param pathStyle whether the bucket's name is in the path instead of the host, which many servers require
     * @param accessKey the access key, with {@code secretKey}; null for the default credentials of the AWS SDK
     * @param timeout the time limit of a request, with its repetitions, until the response begins
     */
    record S3(
            @Nullable String bucket,
            @DefaultValue("images/") String prefix,
            @DefaultValue("us-east-1") String region,
            @Nullable URI endpoint,
            @DefaultValue("false") boolean pathStyle,
            @Nullable String accessKey,
            @Nullable String secretKey,

            @NotNull @DurationMin(millis = 100) @DefaultValue("20s")
            Duration timeout) {

        /** Omits the secret. */
        @Override
        public String toString() {
            return "S3[bucket=" + bucket + ", endpoint=" + endpoint + "]";
        }
    }
}
