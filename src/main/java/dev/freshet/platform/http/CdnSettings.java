package dev.freshet.platform.http;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Caching by a content delivery network that follows the stream of surrogate keys and purges by them. Browsers
 * revalidate each time.
 *
 * @param maxAge maximum age of a cached response; 0 for no caching
 * @param stale further time for serving the old response during revalidation
 */
@ConfigurationProperties("freshet.cdn")
public record CdnSettings(
        @NotNull @DurationMin(seconds = 0) @DefaultValue("0s")
        Duration maxAge,

        @NotNull @DurationMin(seconds = 0) @DefaultValue("30s")
        Duration stale) {

    /**
     * Returns the headers of a public response: {@code CDN-Cache-Control} (RFC 9213) and the key to purge by; none if
     * caching is off.
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
