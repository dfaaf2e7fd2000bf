package dev.freshet.log.tail;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.testing.RedisServerUnderTest;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The copies in a Redis that no instance uses. */
class RedisStreamTests {

    private static final long EPOCH = 7;
    private static final int CONTENT_SIZE = 100_000;

    private static RedisServerUnderTest server;
    private static LettuceConnectionFactory connections;

    private static RedisStream stream;

    @BeforeAll
    static void start() {
        server = RedisServerUnderTest.started();
        connections = new LettuceConnectionFactory(
                LettuceConnectionFactory.createRedisConfiguration(RedisURI.create(server.url())));
        connections.start();
        stream = new RedisStream(new ReactiveStringRedisTemplate(connections), JsonMapper.shared(), 100);
    }

    @AfterAll
    static void stop() {
        connections.destroy();
        server.close();
    }

    @BeforeEach
    void clear() {
        get(stream.clear(EPOCH));
    }

    @Test
    void topIsTheSeqOfTheLastCopy() {
        assertThat(get(stream.top(EPOCH))).isZero();
        get(stream.add(EPOCH, entries(5, 7)));
        assertThat(get(stream.top(EPOCH))).isEqualTo(7);
        assertThat(get(stream.top(EPOCH + 1))).isZero();
    }

    @Test
    void topReadsNoContent() {
        get(stream.add(EPOCH, entries(1, 1)));
        var before = sentBytes();
        assertThat(get(stream.top(EPOCH))).isEqualTo(1);
        assertThat(sentBytes() - before).isLessThan(CONTENT_SIZE);
    }

    @Test
    void entriesThatDoNotContinueTheStreamAreNotAdded() {
        assertThat(get(stream.add(EPOCH, entries(5, 7)))).isEqualTo(7);
        assertThat(get(stream.add(EPOCH, entries(9, 9)))).isEqualTo(7);
        assertThat(get(stream.add(EPOCH, entries(7, 9)))).isEqualTo(7);
        assertThat(get(stream.add(EPOCH, entries(8, 9)))).isEqualTo(9);
    }

    private static long sentBytes() {
        ReactiveRedisConnection connection = connections.getReactiveConnection();
        var statistics = get(connection.serverCommands().info("stats"));
        return Long.parseLong(Objects.requireNonNull(statistics.getProperty("total_net_output_bytes")));
    }

    private static List<LogEntry> entries(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(seq -> new LogEntry(
                        seq,
                        0,
                        EventType.PUBLISHED,
                        new UUID(0, seq),
                        new Facets(List.of(), "Ann", "test", "en"),
                        null,
                        "{}",
                        "{\"body\":\"" + "x".repeat(CONTENT_SIZE) + "\"}"))
                .toList();
    }
}
