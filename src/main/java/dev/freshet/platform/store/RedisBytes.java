package dev.freshet.platform.store;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;

/** Operations of Redis on values that are bytes. */
public final class RedisBytes {

    private RedisBytes() {}

    /** Creates operations with keys in UTF-8 and values as they are. */
    public static ReactiveRedisTemplate<String, byte[]> operations(ReactiveRedisConnectionFactory connections) {
        return new ReactiveRedisTemplate<>(
                connections,
                RedisSerializationContext.<String, byte[]>newSerializationContext(RedisSerializer.string())
                        .value(RedisSerializer.byteArray())
                        .build());
    }
}
