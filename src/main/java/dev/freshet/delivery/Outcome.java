package dev.freshet.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The outcome of one attempt to deliver. */
public sealed interface Outcome {

    /** The target has the events. */
    record Delivered() implements Outcome {}

    /** The target works, and refuses these events. */
    record Refused(String error) implements Outcome {}

    /**
     * The target could not take the events, and a later attempt may succeed.
     *
     * @param retryAfter the minimum time until then; null if the target named none
     */
    record Failed(String error, @Nullable Duration retryAfter) implements Outcome {}

    /** The target wants no more events. */
    record Gone(String error) implements Outcome {}
}
