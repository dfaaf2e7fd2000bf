package dev.freshet.platform.http;

import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits on open connections.
 *
 * @param connections maximum of the instance; null for what the limit of open files leaves, which also is the upper bound
 * @param connectionsPerAddress maximum of an address, of IPv6 of a /64 network; null for a tenth of the former
 * @param exempt networks that are exempt from the maximum of an address
 */
@ConfigurationProperties("freshet.limits")
record ConnectionSettings(
        @Min(1) @Nullable Integer connections,
        @Min(1) @Nullable Integer connectionsPerAddress,
        @DefaultValue({"127.0.0.0/8", "::1"}) List<IpNetwork> exempt) {

    ConnectionSettings {
        exempt = List.copyOf(exempt);
    }
}
