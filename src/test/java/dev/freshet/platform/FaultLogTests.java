package dev.freshet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class FaultLogTests {

    private final Logger logger = (Logger) LoggerFactory.getLogger("faults of " + FaultLogTests.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1);
    private final FaultLog faults = new FaultLog(logger, Level.WARN, time::get);

    FaultLogTests() {
        lines.start();
        logger.addAppender(lines);
    }

    @Test
    void oneFaultAMinuteIsLogged_othersAreCounted() {
        for (var second = 0; second < 150; second++) {
            faults.report("Reading failed", new IllegalStateException("closed"));
            time.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Reading failed",
                        "Reading failed (59 more since the last line)",
                        "Reading failed (59 more since the last line)");
        assertThat(lines.list).allSatisfy(line -> {
            assertThat(line.getLevel().toString()).isEqualTo("WARN");
            assertThat(line.getThrowableProxy().getMessage()).isEqualTo("closed");
        });
    }
}
