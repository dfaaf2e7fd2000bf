package dev.freshet.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/**
 * The number of requests that a client may make in a period: a bucket that refills evenly.
 *
 * @param requests 0 for no limit
 */
record Rate(long requests, Duration period) {

    private static final Rate OFF = new Rate(0, Duration.ZERO);

    /** Parses {@code 600/1m}, or {@code off}, which YAML turns into {@code false} unless it is quoted. */
    public static Rate valueOf(String text) {
        if (text.strip().equals("off") || text.strip().equals("false")) {
            return OFF;
        }
        var parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "Invalid rate: " + text + ". Write requests per period, such as 600/1m, or off.");
        }
        var requests = Long.parseLong(parts[0].strip());
        var period = DurationStyle.detectAndParse(parts[1].strip());
        if (requests < 1 || period.compareTo(Duration.ofSeconds(1)) < 0 || period.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "Invalid rate: " + text + ". It needs at least 1 request, in a period from 1s to 1d.");
        }
        return new Rate(requests, period);
    }

    boolean isOff() {
        return requests == 0;
    }

    BucketConfiguration bucket() {
        var limit = Bandwidth.builder()
                .capacity(requests)
                .refillGreedy(requests, period)
                .build();
        return new BucketConfiguration(List.of(limit));
    }

    @Override
    public String toString() {
        return isOff() ? "off" : requests + "/" + period.toSeconds() + "s";
    }
}
