package dev.freshet.log.tail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.LogEntry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.connection.stream.StreamReadOptions;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisSerializer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fast copy of the log's end: one Redis Stream per epoch, with ids {@code <seq>-0} and no gap between its first and
 * its last entry.
 */
final class RedisStream {

    // Adds only entries that continue the stream, so that no gap can appear, whatever other writers and flushes do.
    private static final RedisScript<Long> ADD = RedisScript.of("""
            local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
            local top = last[1] and tonumber(string.match(last[1][1], '^%d+')) or nil
            local first = tonumber(ARGV[1])
            if top and top ~= first - 1 then return top end
            local n = 0
            for i = 4, #ARGV, 3 do
                top = first + n
                redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], string.format('%.0f', top) .. '-0',
                    'm', ARGV[i], 'a', ARGV[i + 1], 'c', ARGV[i + 2])
                n = n + 1
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            return top""", Long.class);

    // Each sweep asks for it. The entry itself, with its content, stays in Redis.
    private static final RedisScript<Long> TOP = RedisScript.of("""
            local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
            return last[1] and tonumber(string.match(last[1][1], '^%d+')) or 0""", Long.class);

    // An epoch without writers expires. This bounds memory and never affects correctness.
    private static final Duration EPOCH_TTL = Duration.ofDays(7);

    private static final RedisSerializer<String> TEXT = RedisSerializer.string();

    private final ReactiveStringRedisTemplate redis;
    private final JsonMapper json;
    private final int copies;

    RedisStream(ReactiveStringRedisTemplate redis, JsonMapper json, int copies) {
        this.redis = redis;
        this.json = json;
        this.copies = copies;
    }

    /** Returns the seq of the last copy, 0 without copies. */
    Mono<Long> top(long epoch) {
        return redis.execute(TOP, List.of(key(epoch))).next();
    }

    /**
     * Adds copies of consecutive entries if they continue the stream or it is empty.
     *
     * @return the seq of the last copy after this call, which differs from that of the last entry if the entries do not
     *      continue the stream
     */
    Mono<Long> add(long epoch, List<LogEntry> entries) {
        var arguments = new ArrayList<String>();
        arguments.add(Long.toString(entries.getFirst().seq()));
        arguments.add(Integer.toString(copies));
        arguments.add(Long.toString(EPOCH_TTL.toMillis()));
        for (var entry : entries) {
            arguments.add(json.writeValueAsString(CopyMeta.of(entry)));
            arguments.add(entry.article());
            arguments.add(entry.content() == null ? "" : entry.content());
        }
        return redis.execute(ADD, List.of(key(epoch)), arguments).next();
    }

    /** Deletes all copies, so that the next ones may begin anywhere. */
    Mono<Long> clear(long epoch) {
        return redis.delete(key(epoch));
    }

    /**
     * Reads copies at each request, which waits for the first one. Each list has consecutive entries, and may be empty. Uses a
     * connection of its own, since a waiting read delays other commands.
     *
     * @param requests are taken one after the other
     * @param wait the maximum time of a read without copies, from 1 ms
     * @param position returns the position to read after. It is requested before each read, and again for each copy, because
     *     one that is not needed by then is not parsed
     */
    Flux<List<LogEntry>> read(Flux<?> requests, Duration wait, Supplier<Cursor> position) {
        return Flux.usingWhen(
                Mono.fromSupplier(() -> redis.getConnectionFactory().getReactiveConnection()),
                connection -> requests.concatMap(
                        request -> read(connection, wait, position).collectList(), 0),
                ReactiveRedisConnection::closeLater);
    }

    @SuppressWarnings("unchecked") // the varargs of one stream
    private Flux<LogEntry> read(ReactiveRedisConnection connection, Duration wait, Supplier<Cursor> position) {
        var after = position.get();
        return connection
                .streamCommands()
                .xRead(
                        StreamReadOptions.empty().count(256).block(wait),
                        StreamOffset.create(
                                ByteBuffer.wrap(key(after.epoch()).getBytes(UTF_8)),
                                ReadOffset.from(after.seq() + "-0")))
                .filter(record -> seq(record.getId()) > position.get().seq())
                .map(record -> entry(record.deserialize(TEXT, TEXT, TEXT)));
    }

    private LogEntry entry(MapRecord<String, String, String> record) {
        var fields = record.getValue();
        return json.readValue(field(fields, "m"), CopyMeta.class)
                .entry(seq(record.getId()), field(fields, "a"), field(fields, "c"));
    }

    private static long seq(RecordId id) {
        var value = id.getValue();
        return Long.parseLong(value.substring(0, value.indexOf('-')));
    }

    private static String field(Map<String, String> fields, String name) {
        var value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("A copy lacks its field " + name);
        }
        return value;
    }

    // The number changes with the form of copies, since other instances may have another version.
    private static String key(long epoch) {
        return "freshet:log3:" + Long.toHexString(epoch);
    }
}
