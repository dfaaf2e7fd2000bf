package dev.freshet.log.feedlog;

import com.fasterxml.jackson.annotation.JsonValue;

/** The kinds of changes that readers must receive. */
public enum EventType {
    PUBLISHED("article.published"),
    UPDATED("article.updated"),
    WITHDRAWN("article.withdrawn");

    private final String text;

    EventType(String text) {
        this.text = text;
    }

    /** Parses the form that clients see. */
    public static EventType parse(String text) {
        return switch (text) {
            case "article.published" -> PUBLISHED;
            case "article.updated" -> UPDATED;
            case "article.withdrawn" -> WITHDRAWN;
            default -> throw new IllegalArgumentException("Not an event type: " + text);
        };
    }

    /** Returns the form that clients see, for example {@code article.published}. */
    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
