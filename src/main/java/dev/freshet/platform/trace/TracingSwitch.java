package dev.freshet.platform.trace;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;

/**
 * Leaves out the auto-configurations of OpenTelemetry unless traces are exported. It precedes the filters of Spring Boot, which
 * load the classes that an auto-configuration needs.
 */
final class TracingSwitch implements AutoConfigurationImportFilter, EnvironmentAware, PriorityOrdered {

    /** The address to which traces are sent. */
    static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private @Nullable Environment environment;

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    static boolean isOn(Environment environment) {
        return !environment.getProperty(ENDPOINT, "").isEmpty();
    }

    @Override
    public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
        var on = isOn(Objects.requireNonNull(environment));
        var matches = new boolean[classes.length];
        for (var i = 0; i < classes.length; i++) {
            var name = classes[i];
            // Only traces: metrics are read by Prometheus, and logs are written to the console.
            matches[i] = name == null || !concernsTelemetry(name) || (on && !name.contains(".logging."));
        }
        return matches;
    }

    private static boolean concernsTelemetry(String name) {
        return name.startsWith("org.springframework.boot.micrometer.tracing.")
                || name.startsWith("org.springframework.boot.opentelemetry.");
    }
}
