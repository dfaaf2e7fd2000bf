package dev.freshet.load.streams;

import java.util.UUID;

/** An article with a marker, and the event that Freshet makes of it: about 600 bytes on the wire. */
final class Payload {

    private static final String SUMMARY =
            "What readers hear of an article: the title, a summary of a sentence or two as"
                    + " it stands here, its tags, its author and where it came from.";

    /** A body of 11 characters. */
    static final String SHORT_BODY = "In *short*.";

    /**
     * Returns the request body for Freshet.
     *
     * @param body escaped as in a JSON string
     */
    static String article(String topic, String marker, String body) {
        return """
                {"title":"An article of the usual length %s","summary":"%s","body":"%s","author":"Ann Author",\
                "tags":["%s"],"status":"published"}""".formatted(marker, SUMMARY, body, topic);
    }

    /** Returns the same as a line of an import, which needs an id for recognition. */
    static String line(String topic, String marker, String body) {
        return "{\"id\":\"" + marker + "\"," + article(topic, marker, body).substring(1) + "\n";
    }

    private Payload() {}

    /** Returns the event as Freshet's subscribers receive it, for peers that forward their input. */
    static String event(String topic, String marker) {
        var id = UUID.randomUUID();
        return """
                {"cursor":"5f3759df-1234567","type":"article.published","article":{"id":"%s","slug":"an-article-of-the-\
                usual-length","title":"An article of the usual length %s","summary":"%s","tags":["%s"],"author":"Ann \
                Author","source":"editor","language":"en","status":"published","publishedAt":"2026-01-01T00:00:00Z",\
                "updatedAt":"2026-01-01T00:00:00Z","version":1}}""".formatted(id, marker, SUMMARY, topic);
    }
}
