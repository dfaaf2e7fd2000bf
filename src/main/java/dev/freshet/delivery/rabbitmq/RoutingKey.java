package dev.freshet.delivery.rabbitmq;

import dev.freshet.delivery.DeliveryEvent;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Builds routing keys: the type of the event, then the source as one word. Bindings such as {@code article.published.*}
 * and {@code article.*.example-org} select by either.
 */
final class RoutingKey {

    /** The maximum of AMQP 0-9-1. */
    private static final int MAX_BYTES = 255;

    // A dot ends a word, and the others are wildcards of bindings or hard to write in one.
    private static final Pattern SEPARATORS = Pattern.compile("[.*#\\s\\p{Cntrl}]+");

    private RoutingKey() {}

    /** Returns the routing key of an event. */
    static String of(DeliveryEvent event) {
        if (event.source() == null) {
            return event.type();
        }
        var word = SEPARATORS.matcher(event.source().strip()).replaceAll("-");
        var key = event.type() + "." + (word.isEmpty() ? "-" : word);
        while (key.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            key = key.substring(0, key.offsetByCodePoints(key.length(), -1));
        }
        return key;
    }
}
