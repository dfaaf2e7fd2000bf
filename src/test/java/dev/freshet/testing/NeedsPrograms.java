package dev.freshet.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs a class only where these programs are installed. Builds with {@code CI=true} in their environment fail instead, so
 * that a skipped test is not mistaken for a passed one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPrograms.Condition.class)
public @interface NeedsPrograms {

    /** Names of the programs, such as {@code nginx}. */
    String[] value();

    /** Looks for the programs. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            var missing = AnnotationSupport.findAnnotation(context.getElement(), NeedsPrograms.class).stream()
                    .flatMap(needed -> Arrays.stream(needed.value()))
                    .filter(program -> path(program).isEmpty())
                    .toList();
            if (missing.isEmpty()) {
                return ConditionEvaluationResult.enabled("all programs are installed");
            }
            var message = "These programs are not installed: " + String.join(", ", missing)
                    + ". Install their packages to run this test.";
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(message);
            }
            return ConditionEvaluationResult.disabled(message);
        }

        /** Returns the path of an installed program. */
        public static Optional<Path> path(String program) {
            return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                    .map(folder -> Path.of(folder, program))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }
}
