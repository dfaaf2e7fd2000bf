package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.spi.FilterReply;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.netty.channel.AbortedException;

class ProtocolErrorLogTests {

    private final Counter errors = Counter.builder("errors").register(new SimpleMeterRegistry());
    private final AtomicLong time = new AtomicLong(Duration.ofDays(1).toNanos());
    private final ProtocolErrorLog filter = new ProtocolErrorLog(errors, time::get);

    @Test
    void faultOfAClientIsCountedInsteadOfLogged() {
        for (var fault : new Throwable[] {
            new AbortedException("closed"),
            new ClosedChannelException(),
            new IllegalStateException(Http2Exception.streamError(1, Http2Error.PROTOCOL_ERROR, "wrong")),
            new IllegalStateException("Status and headers already sent")
        }) {
            assertThat(decide("reactor.core.publisher.Operators", Level.ERROR, fault))
                    .isEqualTo(FilterReply.DENY);
        }
        assertThat(errors.count()).isEqualTo(4);
    }

    @Test
    void faultOfTheServerIsLogged() {
        var internal = Http2Exception.connectionError(Http2Error.INTERNAL_ERROR, "wrong");
        assertThat(decide("io.netty.channel.A", Level.WARN, internal)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide("reactor.netty.A", Level.ERROR, new NullPointerException()))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide("reactor.netty.A", Level.ERROR, new IOException("disk")))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide("dev.freshet.A", Level.ERROR, new AbortedException("closed")))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(errors.count()).isZero();
    }

    @Test
    void linesOfASecondAreLimited() {
        for (var second = 0; second < 3; second++) {
            assertThat(IntStream.range(0, 1000)
                            .filter(i -> decide("dev.freshet.A", Level.ERROR, null) == FilterReply.NEUTRAL))
                    .hasSize(ProtocolErrorLog.MAX_LINES_PER_SECOND);
            assertThat(decide("dev.freshet.A", Level.INFO, null)).isEqualTo(FilterReply.NEUTRAL);
            time.addAndGet(Duration.ofSeconds(1).toNanos());
        }
    }

    private FilterReply decide(String logger, Level level, @Nullable Throwable fault) {
        return filter.decide(null, (Logger) LoggerFactory.getLogger(logger), level, "A fault", null, fault);
    }
}
