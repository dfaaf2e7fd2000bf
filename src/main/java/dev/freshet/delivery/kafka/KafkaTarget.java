package dev.freshet.delivery.kafka;

import dev.freshet.broker.kafka.KafkaSettings;
import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.OfferedPlaces;
import dev.freshet.delivery.Outcome;
import dev.freshet.delivery.SubscriptionSettings;
import dev.freshet.delivery.Target;
import dev.freshet.delivery.TargetFields;
import dev.freshet.delivery.TargetType;
import dev.freshet.identity.account.Role;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * Delivers events to a topic of a configured cluster. Each event is a record with a CloudEvent in the JSON format.
 */
@Component
final class KafkaTarget implements TargetType, DisposableBean {

    private static final String CLUSTER = "cluster";
    private static final String TOPIC = "topic";
    // A transaction has many records, and each is a record of its own in any case.
    private static final int MAX_EVENTS = 100;
    private static final int MAX_WAITING = 10_000;
    private static final Duration KEEP_OPEN = Duration.ofMinutes(1);

    private final OfferedPlaces<KafkaCluster> clusters = new OfferedPlaces<>(CLUSTER, TOPIC, "freshet.kafka.clusters");

    KafkaTarget(KafkaSettings settings, SubscriptionSettings subscriptions, SslBundles bundles) {
        settings.clusters().forEach((name, cluster) -> {
            var bundle = cluster.sslBundle();
            var timeout = subscriptions.timeout();
            var properties = ProducerProperties.of(cluster, timeout, bundle == null ? null : bundles.getBundle(bundle));
            var threads = Schedulers.newBoundedElastic(subscriptions.atOnce(), MAX_WAITING, "kafka-" + name, 60, true);
            var connection = new KafkaCluster(name, properties, timeout, KEEP_OPEN, threads);
            clusters.add(name, new OfferedPlaces.Offer<>(cluster.topics(), cluster.role(), connection));
        });
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public JsonNode settings(JsonNode requested) {
        return clusters.settings(new TargetFields(requested, "a Kafka target", Set.of(CLUSTER, TOPIC)));
    }

    @Override
    public Role requiredRole(JsonNode target) {
        return clusters.requiredRole(target);
    }

    @Override
    public int maxEvents(int batch) {
        return MAX_EVENTS;
    }

    @Override
    public Mono<Outcome> verify(Target target) {
        return clusters.use(target, (cluster, topic) -> cluster.check(target, topic));
    }

    @Override
    public Mono<Outcome> deliver(Target target, List<DeliveryEvent> events) {
        return clusters.use(target, (cluster, topic) -> cluster.send(target, topic, events));
    }

    @Override
    public void destroy() {
        clusters.forEach(KafkaCluster::close);
    }
}
