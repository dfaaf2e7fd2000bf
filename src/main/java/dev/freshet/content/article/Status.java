package dev.freshet.content.article;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.platform.WireName;

/** Where an article is in its life: draft, then perhaps scheduled, then published, at last withdrawn, which is final. */
public enum Status implements WireName {
    DRAFT,
    SCHEDULED,
    PUBLISHED,
    WITHDRAWN;

    /** Reads the lower-case form of tables and JSON. */
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
