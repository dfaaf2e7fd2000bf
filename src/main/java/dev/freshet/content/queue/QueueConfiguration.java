package dev.freshet.content.queue;

import dev.freshet.broker.kafka.KafkaSettings;
import dev.freshet.broker.rabbitmq.RabbitMqSettings;
import dev.freshet.content.intake.MessageImport;
import dev.freshet.identity.account.Accounts;
import dev.freshet.platform.Periodic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Creates the consumers of queues, if any are configured. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

    private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(5);
    private static final int EXPIRY_BATCH_SIZE = 1000;

    @Bean
    QueueAssembly queueAssembly(
            Accounts accounts, MessageImport imports, ReceivedMessageRepository repository, MeterRegistry registry) {
        return new QueueAssembly(accounts, imports, repository, registry);
    }

    @Bean
    Queues queues(
            QueueSettings settings,
            QueueAssembly assembly,
            RabbitMqSettings brokers,
            KafkaSettings clusters,
            SslBundles bundles) {
        var runners = new ArrayList<QueueRunner>();
        settings.rabbitmq().forEach((name, queue) -> {
            find("freshet.queues.rabbitmq." + name + ".broker", queue.broker(), brokers.brokers());
            var connector = brokers.connector(queue.broker(), bundles);
            runners.add(assembly.runner(
                    name,
                    queue.account(),
                    (imports, status) -> new RabbitMqConsumer(queue, connector, imports, status)));
        });
        settings.kafka().forEach((name, topic) -> {
            var cluster = find("freshet.queues.kafka." + name + ".cluster", topic.cluster(), clusters.clusters());
            var bundleName = cluster.sslBundle();
            var bundle = bundleName == null ? null : bundles.getBundle(bundleName);
            runners.add(assembly.runner(
                    name,
                    topic.account(),
                    (imports, status) -> new TopicConsumer(topic, cluster, bundle, imports, status)));
        });
        return new Queues(
                runners, new Periodic("Deletion of old message ids", EXPIRY_INTERVAL, expiry(settings, assembly)));
    }

    private static <T> T find(String setting, String name, Map<String, T> all) {
        var found = all.get(name);
        if (found == null) {
            throw new IllegalArgumentException(setting + " must be one of " + all.keySet() + ", but is " + name);
        }
        return found;
    }

    private static Mono<Void> expiry(QueueSettings settings, QueueAssembly assembly) {
        return Mono.defer(() -> assembly.repository()
                        .deleteOlderThan((double) settings.memory().toSeconds(), EXPIRY_BATCH_SIZE))
                .repeat()
                .takeUntil(deleted -> deleted < EXPIRY_BATCH_SIZE)
                .then();
    }
}
