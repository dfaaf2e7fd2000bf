package dev.freshet.log.tail;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.RedisServerUnderTest;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import tools.jackson.databind.json.JsonMapper;

class RedisTailTests extends TailContract {

    private static final Duration GRACE = Duration.ofMillis(50);

    private final RedisServerUnderTest redis = RedisServerUnderTest.started();

    @AfterAll
    void stopRedis() {
        redis.close();
    }

    @Override
    Freshet startInstance() {
        return Freshet.start(Stores.database(), redis.url(), Map.of("freshet.samples", "false"));
    }

    @Override
    Tail tail(Freshet of) {
        return new RedisTail(
                new RedisStream(of.bean(ReactiveStringRedisTemplate.class), JsonMapper.shared(), 2000), GRACE);
    }

    @Override
    void disconnect(Freshet of) {
        redis.kill();
        redis.start();
    }

    @Override
    boolean copies() {
        return true;
    }
}
