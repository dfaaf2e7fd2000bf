package dev.freshet.platform.embedded;

import dev.freshet.platform.FreshetSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Begins to start each store that the settings give no URL for, before any bean exists, and sets its URL. The stores stop
 * when the process ends, after the application context is closed.
 */
final class EmbeddedStoresPostProcessor implements EnvironmentPostProcessor, Ordered {

    private final Log log;

    EmbeddedStoresPostProcessor(DeferredLogFactory logs) {
        this.log = logs.getLog(EmbeddedStores.class);
    }

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 100;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        boolean postgres = !StringUtils.hasText(environment.getProperty("freshet.postgres.url"));
        boolean redis = !StringUtils.hasText(environment.getProperty("freshet.redis.url"));
        boolean enabled = environment.getProperty("freshet.embedded.enabled", Boolean.class, true);
        if (!enabled || !(postgres || redis)) {
            return;
        }
        Binder binder = Binder.get(environment);
        requireFreePort(binder);
        Path dataDir = binder.bindOrCreate("freshet", FreshetSettings.class).dataFolder();
        Path binaries = binder.bind("freshet.embedded.binaries", String.class)
                .map(Path::of)
                .orElse(dataDir.resolve("bin"));
        EmbeddedStores stores = new EmbeddedStores(dataDir, new Binaries(binaries.toAbsolutePath()), log);
        SpringApplication.getShutdownHandlers().add(stores::close);
        environment.getPropertySources().addFirst(new PendingUrls(stores.start(postgres, redis)));
    }

    /** Checks the port early: a busy port would otherwise be reported only after the seconds that the stores take. */
    private static void requireFreePort(Binder binder) {
        int port = binder.bind("server.port", Integer.class).orElse(8080);
        @Nullable
        InetAddress address = binder.bind("server.address", InetAddress.class).orElse(null);
        if (port > 0 && !Ports.isFree(address, port)) {
            throw new PortInUseException(port);
        }
    }
}
