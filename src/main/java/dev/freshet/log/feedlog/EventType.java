package dev.freshet.log.feedlog;

import com.fasterxml.jackson.annotation.JsonValue;

/** What happened to an article that readers must hear of. */
public enum EventType {
    PUBLISHED("article.published"),
    UPDATED("article.updated"),
    WITHDRAWN("article.withdrawn");

    private final String text;

    EventType(String text) {
        this.text = text;
    }

    /** Reads the form that clients see. */
    public static EventType parse(String text) {
        return switch (text) {
            case "article.published" -> PUBLISHED;
            case "article.updated" -> UPDATED;
            case "article.withdrawn" -> WITHDRAWN;
            default -> throw new IllegalArgumentException("Not an event type: " + text);
        };
    }

    /** The form that clients see, for example {@code article.published}. */
    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
