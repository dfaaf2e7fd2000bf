package dev.freshet.delivery.rabbitmq;

import dev.freshet.broker.rabbitmq.RabbitMqSettings;
import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.Outcome;
import dev.freshet.delivery.SubscriptionSettings;
import dev.freshet.delivery.Target;
import dev.freshet.delivery.TargetFields;
import dev.freshet.delivery.TargetType;
import dev.freshet.identity.account.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Delivers events to an exchange of a configured broker. Each event is a persistent message with a CloudEvent in the JSON
 * format. Subscriptions name a broker and never an address, so that they reach no other systems of the operator.
 */
@Component
final class RabbitMqTarget implements TargetType, DisposableBean {

    private static final String BROKER = "broker";
    private static final String EXCHANGE = "exchange";
    private static final String MANDATORY = "mandatory";
    // The broker confirms many messages at once, and each is a message of its own in any case.
    private static final int MAX_EVENTS = 100;
    private static final int MAX_WAITING = 10_000;

    private final Map<String, RabbitMqSettings.BrokerSettings> settings;
    private final Map<String, Broker> brokers = new TreeMap<>();

    RabbitMqTarget(RabbitMqSettings settings, SubscriptionSettings subscriptions, SslBundles bundles) {
        this.settings = settings.brokers();
        this.settings.forEach((name, broker) -> {
            var connector = settings.connector(name, bundles);
            var threads =
                    Schedulers.newBoundedElastic(subscriptions.atOnce(), MAX_WAITING, "rabbitmq-" + name, 60, true);
            brokers.put(name, new Broker(name, connector, subscriptions.timeout(), threads));
        });
    }

    @Override
    public String name() {
        return "rabbitmq";
    }

    @Override
    public JsonNode settings(JsonNode requested) {
        var fields = new TargetFields(requested, "a RabbitMQ target", Set.of(BROKER, EXCHANGE, MANDATORY));
        if (settings.isEmpty()) {
            throw TargetFields.invalid("type", "needs a broker, which the operator sets (freshet.rabbitmq.brokers)");
        }
        var only = settings.size() == 1 ? settings.keySet().iterator().next() : "";
        var name = fields.text(BROKER, only);
        var broker = settings.get(name);
        if (broker == null) {
            throw TargetFields.invalid(BROKER, "is not a broker that the operator offers");
        }
        var exchange = fields.text(EXCHANGE, "");
        if (!broker.exchanges().contains(exchange)) {
            throw TargetFields.invalid(EXCHANGE, "is not an exchange that the operator offers");
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put(BROKER, name)
                .put(EXCHANGE, exchange)
                .put(MANDATORY, fields.flag(MANDATORY, true));
    }

    /** Returns the role of the broker's settings; admin for a broker that is no longer there. */
    @Override
    public Role requiredRole(JsonNode target) {
        var broker = settings.get(target.path(BROKER).asString());
        return broker == null ? Role.ADMIN : broker.role();
    }

    @Override
    public int maxEvents(int batch) {
        return MAX_EVENTS;
    }

    @Override
    public @Nullable JsonNode secrets(JsonNode target, @Nullable JsonNode former, Instant now) {
        return null;
    }

    @Override
    public @Nullable String key(@Nullable JsonNode secrets) {
        return null;
    }

    @Override
    public Mono<Outcome> verify(Target target) {
        var broker = broker(target);
        return broker == null ? absent(target) : broker.declare(exchange(target));
    }

    @Override
    public Mono<Outcome> deliver(Target target, List<DeliveryEvent> events) {
        var broker = broker(target);
        return broker == null
                ? absent(target)
                : broker.publish(
                        exchange(target), target.settings().path(MANDATORY).asBoolean(true), events);
    }

    private @Nullable Broker broker(Target target) {
        // The operator may have removed the broker or the exchange since the subscription was created.
        var name = target.settings().path(BROKER).asString();
        var allowed = settings.get(name);
        return allowed != null && allowed.exchanges().contains(exchange(target)) ? brokers.get(name) : null;
    }

    private static String exchange(Target target) {
        return target.settings().path(EXCHANGE).asString();
    }

    private static Mono<Outcome> absent(Target target) {
        return Mono.just(new Outcome.Failed(
                "The operator no longer offers the exchange " + exchange(target) + " of the broker "
                        + target.settings().path(BROKER).asString() + ".",
                null));
    }

    @Override
    public void destroy() {
        brokers.values().forEach(Broker::close);
    }
}
