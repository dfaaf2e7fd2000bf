package dev.freshet.log.tail;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.trace.Tracing;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Several relays race for one Redis Stream: each entry is in it once, in order, without a gap. */
class RelayTests {

    private static final int COPIES = 10_000;

    @Test
    void racingRelaysLeaveNoGapAfterAFlush() {
        // The instance itself has no Redis, so that the relays of the test are the only ones.
        var random = new Random(7);
        try (var plain = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
                var redis = Freshet.start(Stores.database(), Stores.redis(), Map.of("freshet.samples", "false"))) {
            var log = plain.bean(FeedLog.class);
            new LogWriter(plain).publishAll(600, "relay").block(TIMEOUT);
            var extent = Objects.requireNonNull(log.extent().block(TIMEOUT));
            var template = redis.bean(ReactiveStringRedisTemplate.class);
            var stream = new RedisStream(template, JsonMapper.shared(), COPIES);
            var relays = Flux.range(0, 8)
                    .flatMap(
                            i -> {
                                var relay = new Relay(log, stream, COPIES, Tracing.OFF);
                                return Flux.range(0, 40).concatMap(j -> {
                                    if (i == 0 && j == 20) {
                                        return stream.clear(extent.epoch()).then();
                                    }
                                    return log.read(random.nextInt(590), 1 + random.nextInt(10))
                                            .collectList()
                                            .flatMap(entries -> relay.copy(extent.epoch(), entries));
                                });
                            },
                            8);
            relays.then(Mono.defer(
                            () -> new Relay(log, stream, COPIES, Tracing.OFF).copyUpTo(extent.epoch(), extent.last())))
                    .block(TIMEOUT);

            var ids = ids(template, extent);
            assertThat(ids.getLast()).isEqualTo(extent.last());
            assertThat(ids)
                    .containsExactlyElementsOf(LongStream.rangeClosed(ids.getFirst(), extent.last())
                            .boxed()
                            .toList());
        }
    }

    private static List<Long> ids(ReactiveStringRedisTemplate template, Extent extent) {
        return Objects.requireNonNull(template.opsForStream()
                .range("freshet:log3:" + Long.toHexString(extent.epoch()), Range.unbounded())
                .map(record -> Long.valueOf(record.getId().getValue().split("-", 2)[0]))
                .collectList()
                .block(TIMEOUT));
    }
}
