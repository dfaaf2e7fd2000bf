package dev.freshet.platform.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import reactor.netty.channel.AbortedException;

/**
 * Keeps clients from filling the log. The network libraries warn with a stack trace when a client breaks the protocol: such
 * a warning becomes one line at level DEBUG and is counted. Other warnings and errors are limited in number, since a client
 * might cause them too. Thread-safe.
 */
final class ProtocolErrorLog extends TurboFilter implements LoggerContextListener {

    /** Warnings and errors of a second that are logged. */
    static final int MAX_LINES_PER_SECOND = 100;

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ProtocolErrorLog.class);
    private static final String WEB_ADAPTER = "org.springframework.web.server.adapter.";
    private static final String DECODING_FAILED = "Decoding failed";
    // Reactor Netty, after it has refused a broken request while the handler was about to answer.
    private static final String ALREADY_ANSWERED = "Status and headers already sent";

    private final Counter errors;
    private final LongSupplier nanoTime;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger lines = new AtomicInteger();

    ProtocolErrorLog(Counter errors, LongSupplier nanoTime) {
        this.errors = errors;
        this.nanoTime = nanoTime;
    }

    /** Adds itself to the logging of this process. Several instances in one process share it. */
    void install() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            setContext(context);
            context.addListener(this);
            start();
            context.addTurboFilter(this);
        }
    }

    void remove() {
        if (getContext() instanceof LoggerContext context) {
            context.removeListener(this);
            context.getTurboFilterList().remove(this);
        }
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable error) {
        // Without a format, the caller only checks whether the level is enabled.
        if (format == null
                || !level.isGreaterOrEqual(Level.WARN)
                || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            return FilterReply.NEUTRAL;
        }
        if (isOfNetwork(logger)) {
            var cause = error != null ? error : last(arguments);
            if (format.contains(DECODING_FAILED) || isOfClient(cause)) {
                errors.increment();
                LOG.debug("{} {}", format, cause == null ? last(arguments) : cause);
                return FilterReply.DENY;
            }
        }
        return isWithinLimit() ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private static boolean isOfNetwork(Logger logger) {
        var name = logger.getName();
        return name.startsWith("reactor.") || name.startsWith("io.netty.") || name.startsWith(WEB_ADAPTER);
    }

    private static @Nullable Object last(Object @Nullable [] arguments) {
        return arguments == null || arguments.length == 0 ? null : arguments[arguments.length - 1];
    }

    private static boolean isOfClient(@Nullable Object error) {
        for (var cause = error instanceof Throwable thrown ? thrown : null; cause != null; cause = cause.getCause()) {
            if (cause instanceof Http2Exception http2
                    ? http2.error() != Http2Error.INTERNAL_ERROR
                    : cause instanceof CodecException
                            || cause instanceof AbortedException
                            || cause instanceof ClosedChannelException
                            || cause instanceof NativeIoException
                            || cause instanceof SocketException
                            || cause instanceof SSLException
                            || (cause instanceof IllegalStateException
                                    && String.valueOf(cause.getMessage()).equals(ALREADY_ANSWERED))) {
                return true;
            }
        }
        return false;
    }

    private boolean isWithinLimit() {
        var now = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
        var previous = second.get();
        if (previous != now && second.compareAndSet(previous, now)) {
            var dropped = lines.getAndSet(0) - MAX_LINES_PER_SECOND;
            if (dropped > 0) {
                LOG.warn("{} warnings and errors beyond {} in a second were dropped.", dropped, MAX_LINES_PER_SECOND);
            }
        }
        return lines.incrementAndGet() <= MAX_LINES_PER_SECOND;
    }

    /** Spring Boot resets the context when another application starts in this process. */
    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onReset(LoggerContext context) {
        context.addTurboFilter(this);
    }

    @Override
    public void onStart(LoggerContext context) {}

    @Override
    public void onStop(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
}
