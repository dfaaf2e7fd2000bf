package dev.freshet.feed;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of feeds.
 *
 * @param maxValues maximum tags, authors, sources and languages that select one feed or are excluded from it, together
 * @param maxSavedSearches maximum saved searches of an account
 */
@ConfigurationProperties("freshet.feeds")
public record FeedSettings(
        @DefaultValue("20") @Min(3) @Max(30) int maxValues,
        @DefaultValue("20") @Min(0) @Max(50) int maxSavedSearches) {}
