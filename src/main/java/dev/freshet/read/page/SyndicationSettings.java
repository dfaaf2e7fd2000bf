package dev.freshet.read.page;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of feeds for feed readers.
 *
 * @param hub a WebSub hub of others that feeds announce; null for none
 * @param ownHub whether this server is a WebSub hub, which feeds announce unless {@code hub} is set
 */
@ConfigurationProperties("freshet.syndication")
public record SyndicationSettings(
        @Nullable URI hub, @DefaultValue("false") boolean ownHub) {

    /** The path of this server's hub. */
    static final String HUB_PATH = "/hub";

    /** Returns the address of the hub that a page announces; null for none. */
    public @Nullable String hub(PageQuery query) {
        return query.isSecret() ? null : hub(query.origin());
    }

    /**
     * Returns the address of the hub that a public feed announces; null for none.
     *
     * @param origin the address of this server, without a path
     */
    private @Nullable String hub(String origin) {
        if (hub != null) {
            return hub.toString();
        }
        return ownHub ? origin + HUB_PATH : null;
    }
}
