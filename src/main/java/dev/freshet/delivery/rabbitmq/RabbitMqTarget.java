package dev.freshet.delivery.rabbitmq;

import dev.freshet.broker.rabbitmq.RabbitMqSettings;
import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.OfferedPlaces;
import dev.freshet.delivery.Outcome;
import dev.freshet.delivery.SubscriptionSettings;
import dev.freshet.delivery.Target;
import dev.freshet.delivery.TargetFields;
import dev.freshet.delivery.TargetType;
import dev.freshet.identity.account.Role;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * Delivers events to an exchange of a configured broker. Each event is a persistent message with a CloudEvent in the JSON
 * format.
 */
@Component
final class RabbitMqTarget implements TargetType, DisposableBean {

    private static final String BROKER = "broker";
    private static final String EXCHANGE = "exchange";
    private static final String MANDATORY = "mandatory";
    // The broker confirms many messages at once, and each is a message of its own in any case.
    private static final int MAX_EVENTS = 100;
    private static final int MAX_WAITING = 10_000;

    private final OfferedPlaces<Broker> brokers = new OfferedPlaces<>(BROKER, EXCHANGE, "freshet.rabbitmq.brokers");

    RabbitMqTarget(RabbitMqSettings settings, SubscriptionSettings subscriptions, SslBundles bundles) {
        settings.brokers().forEach((name, broker) -> {
            var connector = settings.connector(name, bundles);
            var threads =
                    Schedulers.newBoundedElastic(subscriptions.atOnce(), MAX_WAITING, "rabbitmq-" + name, 60, true);
            var connection = new Broker(name, connector, subscriptions.timeout(), threads);
            brokers.add(name, new OfferedPlaces.Offer<>(broker.exchanges(), broker.role(), connection));
        });
    }

    @Override
    public String name() {
        return "rabbitmq";
    }

    @Override
    public JsonNode settings(JsonNode requested) {
        var fields = new TargetFields(requested, "a RabbitMQ target", Set.of(BROKER, EXCHANGE, MANDATORY));
        return brokers.settings(fields).put(MANDATORY, fields.flag(MANDATORY, true));
    }

    @Override
    public Role requiredRole(JsonNode target) {
        return brokers.requiredRole(target);
    }

    @Override
    public int maxEvents(int batch) {
        return MAX_EVENTS;
    }

    @Override
    public Mono<Outcome> verify(Target target) {
        return brokers.use(target, Broker::declare);
    }

    @Override
    public Mono<Outcome> deliver(Target target, List<DeliveryEvent> events) {
        var mandatory = target.settings().path(MANDATORY).asBoolean(true);
        return brokers.use(target, (broker, exchange) -> broker.publish(exchange, mandatory, events));
    }

    @Override
    public void destroy() {
        brokers.forEach(Broker::close);
    }
}
