package dev.freshet.broker.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/** The properties that all clients of a cluster have. */
public final class ClientProperties {

    private ClientProperties() {}

    /**
     * Returns the properties of a cluster's clients. The operator's replace those that are not fixed by other settings.
     *
     * @param bundle the SSL bundle of the settings; null for none
     */
    public static Map<String, Object> of(KafkaSettings.ClusterSettings settings, @Nullable SslBundle bundle) {
        var properties = new HashMap<String, Object>();
        properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        if (bundle != null) {
            properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SSL");
            properties.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, BundleEngineFactory.class);
            properties.put(BundleEngineFactory.BUNDLE, bundle);
        }
        properties.putAll(settings.properties());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
        return properties;
    }
}
