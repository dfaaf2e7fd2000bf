package dev.freshet.platform.store;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.TimeoutOptions.TimeoutSource;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Connections to Redis, where one is configured. Commands fail at once while it is unavailable. */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration WAITING_READ_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(30);
    private static final Set<String> WAITING_READS =
            Set.of(CommandType.XREAD.toString(), CommandType.XREADGROUP.toString());

    /** The connections to Redis, whether it is up or down; null if no URL is configured. */
    @Bean
    @Nullable
    RedisConnections redisConnections(RedisSettings settings) {
        if (settings.url().isBlank()) {
            return null;
        }
        RedisUrl url = RedisUrl.parse(settings.url());
        LettuceConnectionFactory connections = new LettuceConnectionFactory(
                url.configuration(),
                LettuceClientConfiguration.builder()
                        .apply(url.first())
                        .commandTimeout(settings.timeout())
                        .clientOptions(options(settings, url.cluster()))
                        .build());
        connections.afterPropertiesSet();
        return new RedisConnections(connections);
    }

    @Bean
    @Nullable
    ReactiveStringRedisTemplate reactiveStringRedisTemplate(@Nullable RedisConnections connections) {
        return connections == null ? null : new ReactiveStringRedisTemplate(connections);
    }

    private static ClientOptions options(RedisSettings settings, boolean cluster) {
        ClientOptions.Builder builder = cluster
                ? ClusterClientOptions.builder()
                        .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                                .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                                .build())
                : ClientOptions.builder();
        return builder.autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.builder()
                        .timeoutCommands()
                        .timeoutSource(new Timeouts(settings.timeout()))
                        .build())
                .build();
    }

    private static final class Timeouts extends TimeoutSource {

        private final Duration ordinary;

        Timeouts(Duration ordinary) {
            this.ordinary = ordinary;
        }

        @Override
        public long getTimeout(RedisCommand<?, ?, ?> command) {
            boolean waits = WAITING_READS.contains(command.getType().toString());
            return (waits ? WAITING_READ_TIMEOUT : ordinary).toMillis();
        }
    }
}
