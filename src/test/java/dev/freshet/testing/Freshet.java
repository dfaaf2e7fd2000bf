package dev.freshet.testing;

import dev.freshet.FreshetApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A whole Freshet that runs in this JVM on a port of its own; several may run side by side, with the same stores or with
 * others. Its data folder is a temporary one of its own unless the test gives {@code freshet.data-dir}.
 */
public final class Freshet implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private Freshet(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts one with an empty database and no Redis. */
    public static Freshet start() {
        return start(Stores.database(), "", Map.of());
    }

    /**
     * Starts one with these stores, and returns when it is ready.
     *
     * @param postgresUrl see {@link Stores#database()}
     * @param redisUrl see {@link Stores#redis()}; empty for none
     * @param properties further settings, which win over all others
     */
    public static Freshet start(String postgresUrl, String redisUrl, Map<String, String> properties) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("server.port", "0");
        all.put("server.shutdown", "immediate");
        all.put("spring.jmx.enabled", "false");
        all.put("spring.main.register-shutdown-hook", "false");
        all.put("freshet.embedded.enabled", "false");
        all.put("freshet.postgres.url", postgresUrl);
        all.put("freshet.redis.url", redisUrl);
        all.putAll(properties);
        all.computeIfAbsent("freshet.data-dir", name -> temporaryFolder().toString());
        String[] arguments = all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .collect(Collectors.toList())
                .toArray(String[]::new);
        return new Freshet(new SpringApplicationBuilder(FreshetApplication.class)
                .web(WebApplicationType.REACTIVE)
                .run(arguments));
    }

    private static Path temporaryFolder() {
        try {
            return Files.createDirectories(
                    Files.createTempDirectory(Files.createDirectories(Path.of("target", "instances")), "data-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens, {@code http://127.0.0.1:port}, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** The port that it listens on. */
    public int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** Its bean of this type. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Its bean of this name and type. */
    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    /** How many beans of this type it has. */
    public int beans(Class<?> type) {
        return context.getBeanNamesForType(type).length;
    }

    /** Does something with all of its beans of this type. */
    public <T> void beans(Class<T> type, Consumer<T> action) {
        context.getBeansOfType(type).values().forEach(action);
    }

    /** A client of it, which takes answers of up to 16 MiB. */
    public WebClient client() {
        return WebClient.builder()
                .baseUrl(url())
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(16 * 1024 * 1024))
                .build();
    }

    /** Stops it as on SIGTERM, except that it doesn't wait for requests under way. */
    @Override
    public void close() {
        context.close();
    }
}
