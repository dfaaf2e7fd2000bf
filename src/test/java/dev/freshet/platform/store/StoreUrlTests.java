package dev.freshet.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.platform.StartupFailure;
import io.lettuce.core.RedisURI;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

class StoreUrlTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://u:p@db/freshet | jdbc:postgresql://db:5432/freshet",
                "postgres://u:p@db:5433/a%20b | jdbc:postgresql://db:5433/a+b",
                "postgresql://u@[::1]:5433/f | jdbc:postgresql://[::1]:5433/f",
                "postgresql://u:p@a:1,b/f | jdbc:postgresql://a:1,b:5432/f?targetServerType=primary",
                "postgresql://u:p@db/f?sslmode=require | jdbc:postgresql://db:5432/f?sslmode=require",
            })
    void postgresUrlServesJdbc(String url, String jdbc) {
        assertThat(PostgresUrl.parse(url).jdbc()).isEqualTo(jdbc);
    }

    @Test
    void postgresUrlServesR2dbc() {
        PostgresUrl url = PostgresUrl.parse("postgresql://us%40er:pa%2Fss+@db:5433/freshet?sslmode=require");
        assertThat(url.user()).isEqualTo("us@er");
        assertThat(url.password()).isEqualTo("pa/ss+");
        assertThat(url.r2dbc().build().toString())
                .contains("host='db'", "port=5433", "database='freshet'")
                .doesNotContain("pa/ss+");
        assertThat(new PostgresqlConnectionFactory(PostgresUrl.parse("postgresql://u:p@a:1,b/f")
                                .r2dbc()
                                .build())
                        .toString())
                .contains("a:1", "b:5432", "PRIMARY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://u:secret@db/f",
                "postgresql://db/f",
                "postgresql://u:secret@db",
                "postgresql://u:secret@db:99999/f",
                "postgresql://u:secret@db:x/f",
                "postgresql://u:secret@db/f?sslmode=maybe",
                "postgresql://u:secret@db/f?sslmod=require",
                "postgresql://u:secret%zz@db/f",
            })
    void invalidPostgresUrlIsReportedWithoutItsPassword(String url) {
        assertThatThrownBy(() -> PostgresUrl.parse(url))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("FRESHET_POSTGRES_URL")
                .hasMessageNotContaining("secret");
    }

    @Test
    void redisUrlNamesOneServer() {
        assertThat(RedisUrl.parse("redis://user:pass@cache:6380/3").configuration())
                .isInstanceOfSatisfying(RedisStandaloneConfiguration.class, server -> {
                    assertThat(server.getHostName()).isEqualTo("cache");
                    assertThat(server.getPort()).isEqualTo(6380);
                    assertThat(server.getDatabase()).isEqualTo(3);
                    assertThat(server.getUsername()).isEqualTo("user");
                    assertThat(server.getPassword()).isEqualTo(RedisPassword.of("pass"));
                });
        assertThat(RedisUrl.parse("redis://cache").first().isSsl()).isFalse();
        assertThat(RedisUrl.parse("rediss://cache").first().isSsl()).isTrue();
    }

    @Test
    void redisUrlNamesSentinels() {
        assertThat(RedisUrl.parse("redis-sentinel://a:1,b:2/4#main").configuration())
                .isInstanceOfSatisfying(RedisSentinelConfiguration.class, sentinel -> {
                    assertThat(sentinel.getMaster()).extracting("name").isEqualTo("main");
                    assertThat(sentinel.getSentinels())
                            .extracting(Object::toString)
                            .containsExactlyInAnyOrder("a:1", "b:2");
                    assertThat(sentinel.getDatabase()).isEqualTo(4);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://:pass@a:1,b:2",
                "rediss://:pass@a:1,b:2",
                "redis-cluster://:pass@a:1,b:2",
                "rediss-cluster://:pass@a:1,b:2"
            })
    void redisUrlNamesACluster(String text) {
        RedisUrl url = RedisUrl.parse(text);
        assertThat(url.cluster()).isTrue();
        assertThat(url.nodes()).extracting(RedisURI::isSsl).containsOnly(text.startsWith("rediss"));
        assertThat(url.configuration()).isInstanceOfSatisfying(RedisClusterConfiguration.class, cluster -> {
            assertThat(cluster.getClusterNodes()).extracting(Object::toString).containsExactlyInAnyOrder("a:1", "b:2");
            assertThat(cluster.getPassword()).isEqualTo(RedisPassword.of("pass"));
        });
    }

    @Test
    void clusterUrlMayNameOneNode() {
        assertThat(RedisUrl.parse("redis-cluster://a:1").cluster()).isTrue();
        assertThat(RedisUrl.parse("redis://a:1").cluster()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cache:6379", "http://cache", "redis://", "redis://:secret@cache:x", "redis-sentinel://:secret@a"
            })
    void invalidRedisUrlIsReportedWithoutItsPassword(String url) {
        assertThatThrownBy(() -> RedisUrl.parse(url))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("FRESHET_REDIS_URL")
                .hasMessageNotContaining("secret");
    }
}
