package dev.freshet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

class SharedLoggingTests {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(SharedLoggingTests.class);

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @AfterEach
    void stop() {
        root.detachAppender(log);
    }

    @Test
    void startAfterAStopLosesNoLine() {
        start().close();
        log.start();
        root.addAppender(log);
        LOG.info("before");
        start(new LineAfter(ApplicationStartingEvent.class), new LineAfter(ApplicationEnvironmentPreparedEvent.class))
                .close();
        LOG.info("after");
        assertThat(log.list)
                .filteredOn(event -> event.getLoggerName().equals(LOG.getName()))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("before", "ApplicationStartingEvent", "ApplicationEnvironmentPreparedEvent", "after");
    }

    private static ConfigurableApplicationContext start(ApplicationListener<?>... listeners) {
        return new SpringApplicationBuilder(Nothing.class)
                .listeners(listeners)
                .run("--spring.main.web-application-type=none");
    }

    /** Logs the name of an event after Spring Boot has prepared the logging for it. */
    private record LineAfter(Class<? extends ApplicationEvent> type)
            implements ApplicationListener<ApplicationEvent>, Ordered {

        @Override
        public int getOrder() {
            return LoggingApplicationListener.DEFAULT_ORDER + 1;
        }

        @Override
        public void onApplicationEvent(ApplicationEvent event) {
            if (type.isInstance(event)) {
                LOG.info(type.getSimpleName());
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}
}
