package dev.freshet.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks a class that needs a JVM without other tests, since it measures memory or judges all lines of the log. The build
 * runs it by {@link AloneTests} only.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag(Alone.TAG)
public @interface Alone {

    /** The tag that pom.xml excludes. */
    String TAG = "alone";
}
