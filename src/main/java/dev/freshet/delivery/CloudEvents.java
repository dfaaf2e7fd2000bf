package dev.freshet.delivery;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/**
 * Encodes events as CloudEvents 1.0. The extension {@code sequence} has twenty digits, so that its order
 * as text is the order of the log. {@code traceparent} names the request that caused a traced event.
 */
public final class CloudEvents {

    /** The media type of one event. */
    public static final String ONE = "application/cloudevents+json";

    /** The media type of a list of events. */
    public static final String BATCH = "application/cloudevents-batch+json";

    private static final String SOURCE = "/api/v1/articles";
    private static final JsonMapper JSON = new JsonMapper();

    private CloudEvents() {}

    /** Encodes one event as {@link #ONE}. */
    public static byte[] one(DeliveryEvent event) {
        return encode(object(event));
    }

    /** Encodes events as {@link #BATCH}. */
    public static byte[] batch(List<DeliveryEvent> events) {
        return encode(events.stream().map(CloudEvents::object).toList());
    }

    /** Returns the context attributes of an event, without {@code datacontenttype}. */
    public static Map<String, String> attributes(DeliveryEvent event) {
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("specversion", "1.0");
        attributes.put("id", event.id());
        attributes.put("source", SOURCE);
        attributes.put("type", event.type());
        if (event.article() != null) {
            attributes.put("subject", event.article().toString());
        }
        attributes.put("time", event.time().toString());
        if (event.cursor() != null) {
            attributes.put("sequence", "%020d".formatted(event.cursor().seq()));
        }
        if (event.traceparent() != null) {
            attributes.put("traceparent", event.traceparent());
        }
        return attributes;
    }

    private static Map<String, Object> object(DeliveryEvent event) {
        var object = new LinkedHashMap<String, Object>(attributes(event));
        object.put("datacontenttype", "application/json");
        object.put("data", new RawValue(event.data()));
        return object;
    }

    private static byte[] encode(Object value) {
        return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    }
}
