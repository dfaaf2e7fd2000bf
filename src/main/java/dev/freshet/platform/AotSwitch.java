package dev.freshet.platform;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.aot.AotDetector;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Turns off Spring AOT if a setting of Spring Boot is given. The build of the image decides which beans exist, and such a
 * setting can decide otherwise: for example, the address of a mail server adds a bean. Then the start decides, and takes
 * longer. Freshet's own settings never decide which beans exist.
 */
final class AotSwitch implements EnvironmentPostProcessor, Ordered {

    private static final Pattern SPRING_BOOT = Pattern.compile("(spring|server|management|springdoc)\\..*");
    /** Settings that decide about no bean. */
    private static final Pattern HARMLESS =
            Pattern.compile("server\\.(port|address)|spring\\.(aot|application|config|context)\\..*");

    private static final String OWN_SETTINGS = "class path resource [application.yaml]";

    /** Runs once the files of settings are read. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 50;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (AotDetector.useGeneratedArtifacts() && decidesAboutBeans(environment)) {
            SpringProperties.setProperty(AotDetector.AOT_ENABLED, "false");
        }
    }

    /** Returns whether a setting of Spring Boot is given outside of this program. */
    static boolean decidesAboutBeans(ConfigurableEnvironment environment) {
        return environment.getPropertySources().stream()
                .filter(source -> !source.getName().contains(OWN_SETTINGS))
                .flatMap(source -> source instanceof EnumerablePropertySource<?> names
                        ? Stream.of(names.getPropertyNames())
                        : Stream.empty())
                // Also of environment variables.
                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '.'))
                .anyMatch(name -> SPRING_BOOT.matcher(name).matches()
                        && !HARMLESS.matcher(name).matches());
    }
}
