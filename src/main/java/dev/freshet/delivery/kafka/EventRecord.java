package dev.freshet.delivery.kafka;

import dev.freshet.delivery.CloudEvents;
import dev.freshet.delivery.DeliveryEvent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The form of events in topics: the structured mode of the CloudEvents binding for Kafka. */
final class EventRecord {

    private EventRecord() {}

    /**
     * Returns the record of an event. Its key is the id of the article, or the type of an event without an article. Its
     * value is never null, so that compaction keeps withdrawals.
     */
    static ProducerRecord<String, byte[]> of(String topic, DeliveryEvent event) {
        var article = event.article();
        var key = article == null ? event.type() : article.toString();
        var outgoing = new ProducerRecord<>(topic, key, CloudEvents.one(event));
        headers(event).forEach((name, value) -> outgoing.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return outgoing;
    }

    private static Map<String, String> headers(DeliveryEvent event) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", CloudEvents.ONE);
        headers.put("type", event.type());
        var cursor = event.cursor();
        if (cursor != null) {
            headers.put("seq", Long.toString(cursor.seq()));
            headers.put("epoch", Long.toString(cursor.epoch()));
        }
        return headers;
    }
}
