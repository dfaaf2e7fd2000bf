package dev.freshet.read.syndication;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What feed readers are told besides the articles.
 *
 * @param hub a WebSub hub that is told of changes, which readers may subscribe at; null for none
 */
@ConfigurationProperties("freshet.syndication")
record SyndicationSettings(@Nullable URI hub) {}
