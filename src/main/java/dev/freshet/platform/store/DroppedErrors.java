package dev.freshet.platform.store;

import io.r2dbc.spi.R2dbcException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Hooks;

/**
 * Logs errors that no subscriber receives. The driver reads the rest of a cancelled result without a subscriber.
 * Reactor would log an error with a stack trace for each statement that stops with its client.
 */
final class DroppedErrors {

    private static final Logger log = LoggerFactory.getLogger(DroppedErrors.class);
    // The logger that Reactor uses without this hook. The limits on lines of network libraries apply to it.
    private static final Logger reactor = LoggerFactory.getLogger("reactor.core.publisher.Operators");
    private static final String QUERY_CANCELED = "57014";

    static {
        Hooks.onErrorDropped(DroppedErrors::log);
    }

    private DroppedErrors() {}

    /** Takes the place of Reactor's own logging in this JVM. */
    static void handle() {
        // Loading this class does it once.
    }

    private static void log(Throwable error) {
        var cause = Exceptions.isErrorCallbackNotImplemented(error) ? error.getCause() : error;
        if (cause instanceof R2dbcException stopped && QUERY_CANCELED.equals(stopped.getSqlState())) {
            log.debug("A statement was stopped", stopped);
        } else {
            reactor.error("An error reached no subscriber", error);
        }
    }
}
