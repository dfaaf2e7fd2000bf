package dev.freshet.broker.kafka;

import java.security.KeyStore;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/** Creates the TLS engines of clients from an SSL bundle. Public, since Kafka creates it by its name. */
public final class BundleEngineFactory implements SslEngineFactory {

    /** The property with the {@link SslBundle}. */
    static final String BUNDLE = "freshet.ssl.bundle";

    private @Nullable SslBundle bundle;

    @Override
    public void configure(Map<String, ?> properties) {
        bundle = (SslBundle) properties.get(BUNDLE);
    }

    @Override
    public SSLEngine createClientSslEngine(String host, int port, String identification) {
        var engine = bundle().createSslContext().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(identification);
        var options = bundle().getOptions();
        if (options.getEnabledProtocols() != null) {
            parameters.setProtocols(options.getEnabledProtocols());
        }
        if (options.getCiphers() != null) {
            parameters.setCipherSuites(options.getCiphers());
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public SSLEngine createServerSslEngine(String host, int port) {
        throw new UnsupportedOperationException("This program is a client");
    }

    @Override
    public boolean shouldBeRebuilt(Map<String, Object> properties) {
        return !bundle().equals(properties.get(BUNDLE));
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return Set.of(BUNDLE);
    }

    @Override
    public @Nullable KeyStore keystore() {
        return bundle().getStores().getKeyStore();
    }

    @Override
    public @Nullable KeyStore truststore() {
        return bundle().getStores().getTrustStore();
    }

    private SslBundle bundle() {
        return Objects.requireNonNull(bundle);
    }

    @Override
    public void close() {
        // The bundle belongs to the program.
    }
}
