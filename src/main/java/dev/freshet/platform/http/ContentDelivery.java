package dev.freshet.platform.http;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What a content delivery network may keep, once it follows the stream of surrogate keys and purges by them. Browsers ask
 * each time all the same.
 *
 * @param maxAge how long it may keep an answer; 0 for not at all
 * @param stale how much longer it may serve the old one while it asks for the new one
 */
@Validated
@ConfigurationProperties("freshet.cdn")
public record ContentDelivery(
        @NotNull @DurationMin(seconds = 0) @DefaultValue("0s")
        Duration maxAge,

        @NotNull @DurationMin(seconds = 0) @DefaultValue("30s")
        Duration stale) {

    /**
     * The headers of a public answer: {@code CDN-Cache-Control} (RFC 9213), and the key that it is purged by; none where
     * nothing may be kept.
     */
    public Map<String, String> headers(String surrogateKey) {
        return maxAge.isZero()
                ? Map.of()
                : Map.of(
                        "CDN-Cache-Control",
                        "max-age=" + maxAge.toSeconds() + ", stale-while-revalidate=" + stale.toSeconds(),
                        "Surrogate-Key",
                        surrogateKey);
    }
}
