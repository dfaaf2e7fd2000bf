package dev.freshet.read.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a class only where a Chromium is installed. Builds with {@code CI=true} in their environment fail instead, so that
 * a skipped test is not mistaken for a passed one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InChromium.Condition.class)
public @interface InChromium {

    /** Looks for the browser. */
    final class Condition implements ExecutionCondition {

        private static final List<String> USUAL = List.of(
                "/usr/bin/chromium",
                "/usr/bin/chromium-browser",
                "/usr/bin/google-chrome",
                "/snap/bin/chromium",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                "/Applications/Chromium.app/Contents/MacOS/Chromium");

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (executable().isPresent()) {
                return ConditionEvaluationResult.enabled("Chromium is installed");
            }
            var message = "The pages were not tried in a browser: install Chromium or name one by CHROMIUM=<path>.";
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(message);
            }
            return ConditionEvaluationResult.disabled(message);
        }

        /** The browser that the system property or variable names, or else a usual one. */
        static Optional<Path> executable() {
            var named = Stream.of(System.getProperty("chromium"), System.getenv("CHROMIUM"))
                    .filter(Objects::nonNull)
                    .toList();
            return (named.isEmpty() ? USUAL : named)
                    .stream().map(Path::of).filter(Files::isExecutable).findFirst();
        }
    }
}
