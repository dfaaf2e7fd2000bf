package dev.freshet.delivery;

import dev.freshet.feed.Feed;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the JSON of stored subscriptions, and finds their types of targets. */
final class SubscriptionParser {

    private final JsonMapper json;
    private final Map<String, TargetType> types = new TreeMap<>();

    SubscriptionParser(JsonMapper json, List<TargetType> types) {
        this.json = json;
        types.forEach(type -> this.types.put(type.name(), type));
    }

    /** Returns the type of this name; throws the problem to report if there is none. */
    TargetType type(@Nullable String name) {
        var type = name == null ? null : types.get(name);
        if (type == null) {
            throw Problem.invalid(
                    List.of(new Invalid("target.type", "must be one of " + String.join(", ", types.keySet()))));
        }
        return type;
    }

    FeedFilter filter(SubscriptionRow row) {
        return json.readValue(row.feed(), FeedFilter.class);
    }

    Feed feed(SubscriptionRow row) {
        return filter(row).of(row.account());
    }

    /** Returns the target for events outside of the order. */
    Target target(SubscriptionRow row) {
        return target(row, null);
    }

    Target target(SubscriptionRow row, @Nullable Claim claim) {
        return new Target(row.id(), json.readTree(row.target()), secrets(row), row.batch() > 1, claim);
    }

    @Nullable
    JsonNode secrets(SubscriptionRow row) {
        return row.secrets() == null ? null : json.readTree(row.secrets());
    }

    String text(Object value) {
        return json.writeValueAsString(value);
    }
}
