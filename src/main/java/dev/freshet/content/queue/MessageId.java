package dev.freshet.content.queue;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The ids by which repeated messages are recognised. */
final class MessageId {

    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final JsonMapper JSON = new JsonMapper();

    private MessageId() {}

    /**
     * Returns the digest of a message's id: that of its CloudEvent, else that of its transport.
     *
     * @param contentType null if unknown
     * @param transport null for none
     */
    static @Nullable String of(@Nullable String contentType, byte[] body, @Nullable String transport) {
        var event = contentType != null && contentType.startsWith(CLOUD_EVENT) ? ofEvent(body) : null;
        var id = event == null ? transport : event;
        return id == null ? null : digest(id);
    }

    /** Returns the identity of a CloudEvent, which is unique. */
    static String ofEvent(String source, String id) {
        return source + "\n" + id;
    }

    /** Returns null for an event that cannot be read, which is rejected later. */
    private static @Nullable String ofEvent(byte[] body) {
        try {
            var event = JSON.readTree(body);
            var id = event.path("id");
            return id.isString() ? ofEvent(event.path("source").asString(""), id.asString()) : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String digest(String id) {
        return DigestUtils.sha256Hex(id.getBytes(StandardCharsets.UTF_8));
    }
}
