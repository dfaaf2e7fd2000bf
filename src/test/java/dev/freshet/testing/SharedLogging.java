package dev.freshet.testing;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.LoggingSystemFactory;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Initialises the logging of this JVM once, for all instances. Spring Boot's own does it again at each start that follows
 * a stop. It then suppresses the lines of the other instances, and removes appenders and levels.
 */
final class SharedLogging extends LogbackLoggingSystem {

    private SharedLogging(ClassLoader classLoader) {
        super(classLoader);
    }

    @Override
    public void beforeInitialize() {
        // The lines of the other instances are suppressed from here on, so initialize does it.
    }

    @Override
    public void initialize(
            LoggingInitializationContext context, @Nullable String configuration, @Nullable LogFile file) {
        synchronized (SharedLogging.class) {
            super.beforeInitialize();
            super.initialize(context, configuration, file);
        }
    }

    @Override
    public void cleanUp() {
        // The other instances still log.
    }

    /** Found in {@code META-INF/spring.factories}, before the factories of Spring Boot. */
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static final class Factory implements LoggingSystemFactory {

        @Override
        public LoggingSystem getLoggingSystem(ClassLoader classLoader) {
            return new SharedLogging(classLoader);
        }
    }
}
