package dev.freshet.read.syndication;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of feeds for feed readers.
 *
 * @param hub a WebSub hub that is notified of changes and to which readers may subscribe; null for none
 */
@ConfigurationProperties("freshet.syndication")
record SyndicationSettings(@Nullable URI hub) {}
