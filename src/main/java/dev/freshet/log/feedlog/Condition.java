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

    /**
     * The key of an article's language after the change. Null for the withdrawal of an article by an earlier version, which
     * wrote no language.
     */
    public static final String LANGUAGE = "lower(coalesce(language, cast(article as json) ->> 'language'))";

    /** The key of its language before the change. In rows of an earlier version, it is the one after the change. */
    public static final String WAS_LANGUAGE =
            "lower(coalesce(was_language, language, cast(article as json) ->> 'language'))";

    /** Selects all events. */
    public static final Condition ALL = new Condition("true", "was_author is not null", Map.of());

    public Condition {
        values = Map.copyOf(values);
    }

    /** Returns SQL that is true for a row whose article is in the selection after the event. */
    String staysOrEnters() {
        return "(type <> 'article.withdrawn' and (" + now + "))";
    }

    /** Returns SQL that is true for a row whose article is in the selection before or after the event. */
    String concerned() {
        return "(" + staysOrEnters() + " or (" + before + "))";
    }
}
