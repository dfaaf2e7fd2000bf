package dev.freshet.platform.store;

import dev.freshet.platform.StartupFailure;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithAuthentication;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Redis address in one of Lettuce's forms; {@code rediss} instead of {@code redis} uses TLS:
 *
 * <ul>
 *   <li>{@code redis://user:password@host:port/database}: one server
 *   <li>{@code redis-sentinel://password@host1:port,host2:port/database#master}: the master of these sentinels
 *   <li>{@code redis://password@host1:port,host2:port} or {@code redis-cluster://host:port}: a cluster with these nodes
 * </ul>
 *
 * @param nodes the server or Sentinel's description, or the configured nodes of a cluster
 * @param cluster whether it is a cluster
 */
record RedisUrl(List<RedisURI> nodes, boolean cluster) {

    private static final String HOST = "(?:\\[[0-9a-fA-F:.]+]|[^:,@/?#\\[\\]]+)(?::\\d{1,5})?";
    private static final Pattern FORM = Pattern.compile("(?<before>rediss?(?<sentinel>-sentinel)?://(?:[^@/?#]*@)?)"
            + "(?<hosts>" + HOST + "(?:," + HOST + ")*)(?<after>(?:[/?#].*)?)");

    /**
     * Parses a URL.
     *
     * @throws StartupFailure if the URL is invalid; its message omits the password
     */
    static RedisUrl parse(String text) {
        String url = text.strip();
        String plain = url.replaceFirst("^(rediss?)-cluster://", "$1://");
        Matcher form = FORM.matcher(plain);
        if (!form.matches()) {
            throw unusable();
        }
        boolean cluster = !plain.equals(url)
                || (form.group("sentinel") == null && form.group("hosts").contains(","));
        try {
            List<RedisURI> nodes = !cluster
                    ? List.of(RedisURI.create(plain))
                    : Stream.of(form.group("hosts").split(",", -1))
                            .map(host -> RedisURI.create(form.group("before") + host + form.group("after")))
                            .toList();
            return new RedisUrl(nodes, cluster);
        } catch (IllegalArgumentException e) {
            throw unusable();
        }
    }

    /** Has no cause, since Lettuce's message about an invalid URL repeats its password. */
    private static StartupFailure unusable() {
        return new StartupFailure(
                "The Redis URL can't be used.",
                "Set FRESHET_REDIS_URL to redis://user:password@host:6379/0, redis-sentinel://host:26379#master or"
                        + " redis-cluster://host:6379 (rediss instead of redis for TLS), with special characters in"
                        + " user and password percent-encoded.");
    }

    /** Returns the first of {@link #nodes()}, which decides whether TLS is used. */
    RedisURI first() {
        return nodes.getFirst();
    }

    /** Returns the configuration for Spring Data. */
    RedisConfiguration configuration() {
        if (!cluster) {
            return LettuceConnectionFactory.createRedisConfiguration(first());
        }
        RedisClusterConfiguration configuration = new RedisClusterConfiguration();
        nodes.forEach(node -> configuration.addClusterNode(new RedisNode(node.getHost(), node.getPort())));
        if (LettuceConnectionFactory.createRedisConfiguration(first()) instanceof WithAuthentication login) {
            configuration.setUsername(login.getUsername());
            configuration.setPassword(login.getPassword());
        }
        return configuration;
    }
}
