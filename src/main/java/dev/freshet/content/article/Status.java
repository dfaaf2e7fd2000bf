package dev.freshet.content.article;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where an article is in its life: draft, then perhaps scheduled, then published, at last withdrawn, which is final. */
public enum Status {
    DRAFT,
    SCHEDULED,
    PUBLISHED,
    WITHDRAWN;

    /** Reads the lower-case form of tables and JSON. */
    public static Status parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
