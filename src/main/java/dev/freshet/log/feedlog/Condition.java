package dev.freshet.log.feedlog;

import java.util.Map;

/**
 * A selection from the feed log, as SQL over its columns with named parameters. The text never contains values.
 *
 * @param now true for a row whose article matches after the change
 * @param before true for a row whose article matched before the change
 * @param values the values of the parameters
 */
public record Condition(String now, String before, Map<String, Object> values) {

    /** Selects all events. */
    public static final Condition ALL = new Condition("true", "was_author is not null", Map.of());

    public Condition {
        values = Map.copyOf(values);
    }
}
