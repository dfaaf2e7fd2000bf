package dev.freshet.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/**
 * The number of requests that a client may make: a bucket that refills evenly within a time.
 *
 * @param requests 0 for no limit
 */
record Rate(long requests, Duration in) {

    private static final Rate OFF = new Rate(0, Duration.ZERO);

    /** Parses {@code 600/1m}, or {@code off}. */
    public static Rate valueOf(String text) {
        if (text.strip().equals("off")) {
            return OFF;
        }
        var parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("A budget is such as 600/1m, or off, but this is " + text);
        }
        var requests = Long.parseLong(parts[0].strip());
        var in = DurationStyle.detectAndParse(parts[1].strip());
        if (requests < 1 || in.compareTo(Duration.ofSeconds(1)) < 0 || in.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "A budget is of 1 request or more, in 1 second to 1 day, but this is " + text);
        }
        return new Rate(requests, in);
    }

    boolean isOff() {
        return requests == 0;
    }

    BucketConfiguration bucket() {
        var limit = Bandwidth.builder()
                .capacity(requests)
                .refillGreedy(requests, in)
                .build();
        return new BucketConfiguration(List.of(limit));
    }

    @Override
    public String toString() {
        return isOff() ? "off" : requests + "/" + in.toSeconds() + "s";
    }
}
