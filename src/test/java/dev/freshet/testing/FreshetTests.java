package dev.freshet.testing;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class FreshetTests {

    @Test
    void severalInstancesShareStores() {
        String database = Stores.emptyDatabase();
        String redis = Stores.redis();
        try (Freshet first = Freshet.start(database, redis, Map.of());
                Freshet second = Freshet.start(database, redis, Map.of())) {
            assertThat(first.url()).isNotEqualTo(second.url());
            assertThat(migrations(first)).isNotEmpty().isEqualTo(migrations(Freshet.shared(Map.of())));
            DatabaseClient client = first.bean(DatabaseClient.class);
            client.sql("CREATE TABLE shared (a int)")
                    .then()
                    .then(second.bean(DatabaseClient.class)
                            .sql("SELECT count(*) FROM shared")
                            .mapValue(Long.class)
                            .one())
                    .as(StepVerifier::create)
                    .expectNext(0L)
                    .verifyComplete();
            first.bean(ReactiveStringRedisTemplate.class)
                    .opsForValue()
                    .set("key", "value")
                    .then(second.bean(ReactiveStringRedisTemplate.class)
                            .opsForValue()
                            .get("key"))
                    .as(StepVerifier::create)
                    .expectNext("value")
                    .verifyComplete();
        }
    }

    @Test
    void schemaIsMigratedThroughJdbcWithoutAPool() {
        Freshet instance = Freshet.shared(Map.of());
        assertThat(instance.beans(org.flywaydb.core.Flyway.class)).isOne();
        assertThat(instance.beans(javax.sql.DataSource.class)).isZero();
    }

    /** Returns the versions of the schema of an instance, in their order. */
    private static List<String> migrations(Freshet instance) {
        return get(instance.bean(DatabaseClient.class)
                .sql("SELECT version FROM flyway_schema_history ORDER BY installed_rank")
                .mapValue(String.class)
                .all()
                .collectList());
    }

    @Test
    void healthIsUp_withoutRedis() {
        Freshet instance = Freshet.shared(Map.of());
        assertThat(instance.beans(ReactiveRedisConnectionFactory.class)).isZero();
        assertThat(health(instance)).contains("\"UP\"");
    }

    @Test
    void deadRedisFailsFast_andIsUsedAfterItsRestart() {
        try (RedisServerUnderTest redis = RedisServerUnderTest.started();
                Freshet instance = Freshet.start(Stores.database(), redis.url(), Map.of())) {
            ReactiveStringRedisTemplate template = instance.bean(ReactiveStringRedisTemplate.class);
            template.opsForValue()
                    .set("key", "value")
                    .as(StepVerifier::create)
                    .expectNext(true)
                    .verifyComplete();

            redis.kill();
            // On an event loop, where BlockHound detects a driver that waits for the connection.
            template.opsForValue()
                    .get("key")
                    .subscribeOn(Schedulers.parallel())
                    .as(StepVerifier::create)
                    .expectError()
                    .verify(TIMEOUT);
            assertThat(health(instance)).contains("\"UP\"");

            redis.start();
            Mono.defer(() -> template.opsForValue().set("key", "again"))
                    .retryWhen(reactor.util.retry.Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(100)))
                    .as(StepVerifier::create)
                    .expectNext(true)
                    .expectComplete()
                    .verify(TIMEOUT);
        }
    }

    @Test
    void redisIsUsed_whenItStartsLater() {
        try (RedisServerUnderTest redis = RedisServerUnderTest.started()) {
            redis.kill();
            try (Freshet instance = Freshet.start(Stores.database(), redis.url(), Map.of())) {
                ReactiveStringRedisTemplate template = instance.bean(ReactiveStringRedisTemplate.class);
                template.opsForValue()
                        .get("key")
                        .subscribeOn(Schedulers.parallel())
                        .as(StepVerifier::create)
                        .expectError()
                        .verify(TIMEOUT);

                redis.start();
                Mono.defer(() -> template.opsForValue().set("key", "value"))
                        .subscribeOn(Schedulers.parallel())
                        .retryWhen(reactor.util.retry.Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(100)))
                        .as(StepVerifier::create)
                        .expectNext(true)
                        .expectComplete()
                        .verify(TIMEOUT);
            }
        }
    }

    @Test
    void logReadsDoNotUseTheMainPool() {
        Freshet instance = Freshet.shared(Map.of());
        ConnectionFactory main = instance.bean(ConnectionFactory.class);
        assertThat(instance.bean("logReads", ConnectionFactory.class)).isNotSameAs(main);
        Mono.usingWhen(
                        instance.bean("singleConnections", PostgresqlConnectionFactory.class)
                                .create(),
                        connection -> connection
                                .createStatement("SELECT 1")
                                .execute()
                                .flatMap(result -> result.map((row, meta) -> row.get(0, Integer.class)))
                                .single(),
                        connection -> connection.close())
                .as(StepVerifier::create)
                .expectNext(1)
                .verifyComplete();
    }

    private static String health(Freshet instance) {
        return instance.get("/actuator/health").body();
    }
}
