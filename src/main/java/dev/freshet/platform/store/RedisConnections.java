package dev.freshet.platform.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.ReactiveRedisClusterConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Connections to a Redis that may be down when the program starts. Spring Data blocks the first caller until the shared
 * connection exists. So a thread of this class connects first, and until it succeeds all other callers fail at once.
 * From then on Lettuce reconnects without blocking.
 */
final class RedisConnections implements ReactiveRedisConnectionFactory, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RedisConnections.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    private final LettuceConnectionFactory connections;
    private volatile boolean running;
    private volatile boolean connected;
    private volatile @Nullable Thread connecting;

    RedisConnections(LettuceConnectionFactory connections) {
        this.connections = connections;
    }

    @Override
    public void start() {
        running = true;
        connections.start();
        if (connect()) {
            return;
        }
        log.warn("Redis does not respond. Freshet continues without it, more slowly, and retries.");
        connecting = Thread.ofVirtual().name("redis-connect").start(() -> {
            do {
                LockSupport.parkNanos(RETRY_DELAY.toNanos());
            } while (running && !connect());
            if (connected) {
                log.info("Redis responds.");
            }
        });
    }

    private boolean connect() {
        try {
            connections.initConnection();
            connected = true;
        } catch (DataAccessException e) {
            log.debug("Redis does not respond", e);
        }
        return connected;
    }

    @Override
    public void stop() {
        running = false;
        connected = false;
        Thread thread = connecting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
        connections.destroy();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before everything that uses Redis, and stops after it. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2;
    }

    private void requireConnected() {
        if (!connected) {
            throw new RedisConnectionFailureException("Redis has not responded yet");
        }
    }

    @Override
    public ReactiveRedisConnection getReactiveConnection() {
        requireConnected();
        return connections.getReactiveConnection();
    }

    @Override
    public ReactiveRedisClusterConnection getReactiveClusterConnection() {
        requireConnected();
        return connections.getReactiveClusterConnection();
    }

    @Override
    public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException failure) {
        return connections.translateExceptionIfPossible(failure);
    }
}
