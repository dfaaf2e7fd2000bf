package dev.freshet.limit;

import dev.freshet.platform.Periodic;
import dev.freshet.platform.http.SecurityHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;
import reactor.core.publisher.Mono;

/** Rate limits by address and by account. */
@Configuration(proxyBeanMethods = false)
class LimitConfiguration {

    private final LimitSettings settings;
    private final @Nullable SharedBuckets shared;
    private final LocalBuckets local = new LocalBuckets();

    LimitConfiguration(LimitSettings settings, ObjectProvider<ReactiveRedisConnectionFactory> redis) {
        this.settings = settings;
        var connections = redis.getIfAvailable();
        this.shared = connections == null ? null : new SharedBuckets(bytes(connections), settings.redisTimeout());
    }

    private static ReactiveRedisTemplate<String, byte[]> bytes(ReactiveRedisConnectionFactory connections) {
        return new ReactiveRedisTemplate<>(
                connections,
                RedisSerializationContext.<String, byte[]>newSerializationContext(RedisSerializer.string())
                        .value(RedisSerializer.byteArray())
                        .build());
    }

    @Bean
    ReadLimit readLimit() {
        return new ReadLimit(RatePolicy.perAddress(settings).get(RequestCategory.READS), settings.exempt(), shared);
    }

    @Bean
    Periodic settlingOfReads(ReadLimit reads) {
        return new Periodic("Settling what was read", ReadLimit.SETTLED, Mono.defer(reads::settle));
    }

    @Bean
    RateFilter ratePerAddress(ReadLimit reads, SecurityHeaders headers) {
        return new RateFilter(
                RateFilter.BEFORE_SECURITY,
                RatePolicy.perAddress(settings),
                RateFilter::address,
                settings.exempt(),
                reads,
                shared,
                local,
                headers);
    }

    @Bean
    RateFilter ratePerAccount(ReadLimit reads, SecurityHeaders headers) {
        return new RateFilter(
                RateFilter.AFTER_SECURITY,
                RatePolicy.perAccount(settings),
                RateFilter::account,
                settings.exempt(),
                reads,
                shared,
                local,
                headers);
    }
}
