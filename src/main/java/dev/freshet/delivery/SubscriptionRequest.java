package dev.freshet.delivery;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A new subscription, or a change of one. A change leaves out what stays.
 *
 * @param name for its owner
 * @param feed the feed; all articles if a new subscription leaves it out
 * @param target an object with {@code type} and the settings of this type
 * @param content whether events contain {@code body} and {@code html}
 * @param batch maximum events of a delivery; 1 sends each on its own
 * @param start the position to begin at: a cursor, an instant, a duration before now, {@code earliest} or {@code latest}
 * @param state {@code paused} or {@code active}, only in a change
 */
record SubscriptionRequest(
        @Nullable String name,
        @Nullable FeedFilter feed,
        @Nullable JsonNode target,
        @Nullable Boolean content,
        @Nullable Integer batch,
        @Nullable String start,
        @Nullable String state) {

    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_BATCH = 100;

    /** Throws the problem to report if a value is invalid. */
    void check(boolean isNew) {
        var errors = new ArrayList<Invalid>();
        if ((isNew || name != null) && !isName(name)) {
            errors.add(new Invalid(
                    "name", "must have 1 to " + MAX_NAME_LENGTH + " characters, none of them a control character"));
        }
        if (batch != null && (batch < 1 || batch > MAX_BATCH)) {
            errors.add(new Invalid("batch", "must be from 1 to " + MAX_BATCH));
        }
        if (isNew && state != null) {
            errors.add(new Invalid("state", "can only be changed: a new subscription is unverified"));
        } else if (state != null && !state.equals("paused") && !state.equals("active")) {
            errors.add(new Invalid("state", "must be paused or active"));
        }
        if ((isNew || target != null) && !(target instanceof ObjectNode)) {
            errors.add(new Invalid("target", "must be an object with type and the settings of this type"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
    }

    private static boolean isName(@Nullable String name) {
        return name != null
                && !name.isBlank()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars().noneMatch(Character::isISOControl);
    }

    /** Returns the type of the target; null if there is none. */
    @Nullable
    String type() {
        return target == null ? null : target.path("type").asString(null);
    }

    /** Returns the settings of the target, without the type. */
    JsonNode settings() {
        if (target instanceof ObjectNode object) {
            var settings = object.deepCopy();
            settings.remove("type");
            return settings;
        }
        throw Problem.invalid(List.of(new Invalid("target", "must be an object")));
    }
}
