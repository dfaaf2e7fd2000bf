package dev.freshet.content.article;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.platform.WireName;

/** The status of an article; {@link Publication} defines the transitions. */
public enum Status implements WireName {
    DRAFT,
    SCHEDULED,
    PUBLISHED,
    WITHDRAWN;

    /** Parses the lower-case form of tables and JSON. */
    public static Status parse(String text) {
        return WireName.parse(Status.class, text)
                .orElseThrow(() -> new IllegalArgumentException("Unknown status: " + text));
    }

    @Override
    @JsonValue
    public String toString() {
        return wireName();
    }
}
