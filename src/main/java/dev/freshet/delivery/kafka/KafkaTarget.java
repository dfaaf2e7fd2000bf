package dev.freshet.delivery.kafka;

import dev.freshet.broker.kafka.KafkaSettings;
import dev.freshet.delivery.DeliveryEvent;
import dev.freshet.delivery.Outcome;
import dev.freshet.delivery.SubscriptionSettings;
import dev.freshet.delivery.Target;
import dev.freshet.delivery.TargetFields;
import dev.freshet.delivery.TargetType;
import dev.freshet.identity.account.Role;
import java.time.Duration;
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
 * Delivers events to a topic of a configured cluster. Each event is a record with a CloudEvent in the JSON format.
 * Subscriptions name a cluster and never an address, so that they reach no other systems of the operator.
 */
@Component
final class KafkaTarget implements TargetType, DisposableBean {

    private static final String CLUSTER = "cluster";
    private static final String TOPIC = "topic";
    // A transaction has many records, and each is a record of its own in any case.
    private static final int MAX_EVENTS = 100;
    private static final int MAX_WAITING = 10_000;
    private static final Duration KEEP_OPEN = Duration.ofMinutes(1);

    private final Map<String, KafkaSettings.ClusterSettings> settings;
    private final Map<String, KafkaCluster> clusters = new TreeMap<>();

    KafkaTarget(KafkaSettings settings, SubscriptionSettings subscriptions, SslBundles bundles) {
        this.settings = settings.clusters();
        this.settings.forEach((name, cluster) -> {
            var bundle = cluster.sslBundle();
            var timeout = subscriptions.timeout();
            var properties = ProducerProperties.of(cluster, timeout, bundle == null ? null : bundles.getBundle(bundle));
            var threads = Schedulers.newBoundedElastic(subscriptions.atOnce(), MAX_WAITING, "kafka-" + name, 60, true);
            clusters.put(name, new KafkaCluster(name, properties, timeout, KEEP_OPEN, threads));
        });
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public JsonNode settings(JsonNode requested) {
        var fields = new TargetFields(requested, "a Kafka target", Set.of(CLUSTER, TOPIC));
        if (settings.isEmpty()) {
            throw TargetFields.invalid("type", "needs a cluster, which the operator sets (freshet.kafka.clusters)");
        }
        var only = settings.size() == 1 ? settings.keySet().iterator().next() : "";
        var name = fields.text(CLUSTER, only);
        var cluster = settings.get(name);
        if (cluster == null) {
            throw TargetFields.invalid(CLUSTER, "is not a cluster that the operator offers");
        }
        var topic = fields.text(TOPIC, "");
        if (!cluster.topics().contains(topic)) {
            throw TargetFields.invalid(TOPIC, "is not a topic that the operator offers");
        }
        return JsonNodeFactory.instance.objectNode().put(CLUSTER, name).put(TOPIC, topic);
    }

    /** Returns the role of the cluster's settings; admin for a cluster that is no longer there. */
    @Override
    public Role requiredRole(JsonNode target) {
        var cluster = settings.get(target.path(CLUSTER).asString());
        return cluster == null ? Role.ADMIN : cluster.role();
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
        var cluster = cluster(target);
        return cluster == null ? absent(target) : cluster.check(target, topic(target));
    }

    @Override
    public Mono<Outcome> deliver(Target target, List<DeliveryEvent> events) {
        var cluster = cluster(target);
        return cluster == null ? absent(target) : cluster.send(target, topic(target), events);
    }

    private @Nullable KafkaCluster cluster(Target target) {
        // The operator may have removed the cluster or the topic since the subscription was created.
        var name = target.settings().path(CLUSTER).asString();
        var allowed = settings.get(name);
        return allowed != null && allowed.topics().contains(topic(target)) ? clusters.get(name) : null;
    }

    private static String topic(Target target) {
        return target.settings().path(TOPIC).asString();
    }

    private static Mono<Outcome> absent(Target target) {
        return Mono.just(new Outcome.Failed(
                "The operator no longer offers the topic " + topic(target) + " of the cluster "
                        + target.settings().path(CLUSTER).asString() + ".",
                null));
    }

    @Override
    public void destroy() {
        clusters.values().forEach(KafkaCluster::close);
    }
}
