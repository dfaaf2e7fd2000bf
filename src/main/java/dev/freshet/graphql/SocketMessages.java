package dev.freshet.graphql;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Encodes and parses the messages of the protocol graphql-transport-ws. */
final class SocketMessages {

    static final String PROTOCOL = "graphql-transport-ws";

    static final byte[] ACK = Wire.utf8("{\"type\":\"connection_ack\"}");
    static final byte[] PING = Wire.utf8("{\"type\":\"ping\"}");

    private static final int MAX_ID_LENGTH = 100;
    private static final byte[] NEXT = Wire.utf8("\"type\":\"next\",\"payload\":");
    private static final byte[] ERROR = Wire.utf8("\"type\":\"error\",\"payload\":");
    private static final byte[] COMPLETE = Wire.utf8("\"type\":\"complete\"}");
    private static final byte[] END = {'}'};

    private SocketMessages() {}

    /** A message of a client. */
    sealed interface FromClient {

        /**
         * Begins the protocol.
         *
         * @param payload the connection's parameters, an object or missing
         */
        record Init(JsonNode payload) implements FromClient {}

        /**
         * Asks for a pong.
         *
         * @param payload to send back; null for none
         */
        record Ping(@Nullable JsonNode payload) implements FromClient {}

        record Pong() implements FromClient {}

        record Subscribe(String id, JsonNode payload) implements FromClient {}

        record Complete(String id) implements FromClient {}
    }

    /** A message that the protocol forbids. Its text is the reason of the close frame. */
    static final class InvalidMessageException extends RuntimeException {

        private static final long serialVersionUID = 1;

        InvalidMessageException(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return "Invalid message: " + getMessage();
        }
    }

    /** Parses a message, or throws {@link InvalidMessageException}. */
    static FromClient parse(String text, JsonMapper json) {
        JsonNode message;
        try {
            message = json.readTree(text);
        } catch (JacksonException e) {
            throw new InvalidMessageException("it is not JSON");
        }
        if (!message.isObject()) {
            throw new InvalidMessageException("it is not a JSON object");
        }
        return switch (message.path("type").asString("")) {
            case "connection_init" -> new FromClient.Init(objectOrMissing(message.path("payload")));
            case "ping" -> new FromClient.Ping(message.get("payload"));
            case "pong" -> new FromClient.Pong();
            case "subscribe" -> new FromClient.Subscribe(id(message), object(message.path("payload")));
            case "complete" -> new FromClient.Complete(id(message));
            default -> throw new InvalidMessageException("its type is unknown");
        };
    }

    private static String id(JsonNode message) {
        var id = message.path("id");
        if (!id.isString() || id.stringValue().isEmpty() || id.stringValue().length() > MAX_ID_LENGTH) {
            throw new InvalidMessageException("id must be text of 1 to " + MAX_ID_LENGTH + " characters");
        }
        return id.stringValue();
    }

    private static JsonNode object(JsonNode payload) {
        if (!payload.isObject()) {
            throw new InvalidMessageException("payload must be an object");
        }
        return payload;
    }

    private static JsonNode objectOrMissing(JsonNode payload) {
        return payload.isMissingNode() || payload.isNull() ? payload : object(payload);
    }

    /** Encodes the response to a ping. */
    static byte[] pong(@Nullable JsonNode payload) {
        return Wire.utf8(payload == null ? "{\"type\":\"pong\"}" : "{\"type\":\"pong\",\"payload\":" + payload + "}");
    }

    /** Encodes the first part of each message of an operation. */
    static byte[] prefix(String id, JsonMapper json) {
        return Wire.utf8("{\"id\":" + json.writeValueAsString(id) + ",");
    }

    /** Encodes a result, without the first part. */
    static byte[] next(byte[] result) {
        return Wire.join(NEXT, result, END);
    }

    /** Encodes the errors of an operation that was not executed, without the first part. */
    static byte[] error(byte[] errors) {
        return Wire.join(ERROR, errors, END);
    }

    /** Encodes the end of an operation, without the first part. */
    static byte[] complete() {
        return COMPLETE.clone();
    }
}
