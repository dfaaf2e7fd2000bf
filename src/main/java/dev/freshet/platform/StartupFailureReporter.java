package dev.freshet.platform;

import java.sql.SQLException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/**
 * Reports a failed start in one line on the standard error, if the user can fix the reason. Spring Boot's own analyses are
 * reported in the same form. Spring Boot reports any other failure with its stack trace.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartupFailureReporter implements SpringBootExceptionReporter {

    private final @Nullable ConfigurableApplicationContext context;

    StartupFailureReporter(@Nullable ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public boolean reportException(Throwable failure) {
        String line = line(failure);
        if (line != null) {
            System.err.println("Freshet can't start. " + line);
        }
        return line != null;
    }

    /** Returns the reason and what to do, in one line; null if the user can't fix the reason. */
    @Nullable
    String line(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartupFailure known) {
                return known.getMessage();
            }
            if (cause instanceof PortInUseException busy) {
                return "Port " + busy.getPort()
                        + " is in use by another program. Stop that one, or choose another port with SERVER_PORT.";
            }
            if (cause instanceof SQLException refused && isAboutConnecting(refused)) {
                return "PostgreSQL can't be reached (" + oneLine(refused.getMessage())
                        + "). Start it, or correct FRESHET_POSTGRES_URL.";
            }
        }
        return analyse(failure);
    }

    /** SQL states: 08 connection, 28 authorisation, 3D no such database, 53 too many connections, 57 shutting down. */
    private static boolean isAboutConnecting(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && state.matches("(08|28|3D|53|57).*");
    }

    private @Nullable String analyse(Throwable failure) {
        ArgumentResolver arguments = ArgumentResolver.none();
        if (context != null) {
            arguments = ArgumentResolver.of(BeanFactory.class, context.getBeanFactory())
                    .and(Environment.class, context.getEnvironment());
        }
        // Skips analysers whose dependencies do not exist yet.
        FailureHandler skip = (type, name, unusable) -> {};
        for (FailureAnalyzer analyzer :
                SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class, arguments, skip)) {
            FailureAnalysis analysis = analyzer.analyze(failure);
            if (analysis != null) {
                return oneLine(analysis.getDescription()) + " " + oneLine(analysis.getAction());
            }
        }
        return null;
    }

    private static String oneLine(@Nullable String text) {
        return text == null
                ? ""
                : text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining(" "));
    }
}
