package dev.freshet.delivery;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The settings of a target as its owner sends them. Each fault is thrown as the problem to report. */
public final class TargetFields {

    private final JsonNode requested;

    /**
     * Checks that a target has no other settings.
     *
     * @param kind the target with its article, for example {@code a webhook}
     */
    public TargetFields(JsonNode requested, String kind, Set<String> names) {
        for (var name : requested.propertyNames()) {
            if (!names.contains(name)) {
                throw invalid(name, "is not a setting of " + kind);
            }
        }
        this.requested = requested;
    }

    /** Returns a text without white space around it. */
    public String text(String name, String absent) {
        var value = requested.path(name);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isString()) {
            throw invalid(name, "must be a text");
        }
        return value.asString().strip();
    }

    /** Returns a truth value. */
    public boolean flag(String name, boolean absent) {
        var value = requested.path(name);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw invalid(name, "must be true or false");
        }
        return value.asBoolean();
    }

    /** Creates the problem of an invalid setting. */
    public static RuntimeException invalid(String name, String error) {
        return Problem.invalid(List.of(new Invalid("target." + name, error)));
    }
}
