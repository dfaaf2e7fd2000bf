package dev.freshet.testing;

import dev.freshet.FreshetApplication;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Drives a whole Freshet that runs in this JVM on a port of its own. Several may run side by side, on the same stores or
 * on others. Its data folder is temporary unless the test sets {@code freshet.data-dir}.
 */
public final class Freshet implements AutoCloseable {

    /** Ends a hang; no test judges speed by it. */
    public static final Duration TIMEOUT = Duration.ofMinutes(3);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<Map<String, String>, Freshet> SHARED = new ConcurrentHashMap<>();

    // Listing and reading them takes a fifth of a start.
    private static final Map<Resource, MetadataReader> CLASS_FILES = new ConcurrentHashMap<>();
    // The costs of the product are a twentieth of the processor time of all tests.
    private static final PasswordEncoder QUICK = new Argon2PasswordEncoder(16, 32, 1, 64, 1);
    private static final ClassFolders CLASS_FOLDERS = new ClassFolders();

    private final ConfigurableApplicationContext context;
    private final WebClient client;

    private Freshet(ConfigurableApplicationContext context) {
        this.context = context;
        this.client = WebClient.builder()
                .baseUrl(url())
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAX_BODY_BYTES))
                .build();
    }

    /** Starts one with an empty database, no Redis, no sample articles and these settings. */
    public static Freshet start(Map<String, String> settings) {
        var all = new LinkedHashMap<>(Map.of("freshet.samples", "false"));
        all.putAll(settings);
        return start(Stores.database(), "", all);
    }

    /**
     * Starts one with these stores, and returns when it is ready.
     *
     * @param postgresUrl see {@link Stores#database()}
     * @param redisUrl see {@link Stores#redis()}; empty for none
     * @param settings win over all others
     */
    public static Freshet start(String postgresUrl, String redisUrl, Map<String, String> settings) {
        var all = new LinkedHashMap<String, String>();
        all.put("server.port", "0");
        all.put("server.shutdown", "immediate");
        all.put("spring.jmx.enabled", "false");
        all.put("spring.main.register-shutdown-hook", "false");
        all.put("freshet.embedded.enabled", "false");
        all.put("freshet.postgres.url", postgresUrl);
        // Several instances of several classes share one PostgreSQL.
        all.put("freshet.postgres.max-connections", "8");
        all.put("freshet.redis.url", redisUrl);
        all.putAll(settings);
        all.computeIfAbsent("freshet.data-dir", name -> temporaryFolder().toString());
        var arguments = all.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return new Freshet(new SpringApplicationBuilder(FreshetApplication.class)
                .web(WebApplicationType.REACTIVE)
                .initializers(Freshet::shareClassFiles, Freshet::hashPasswordsQuickly)
                .run(arguments));
    }

    /** Adds the class files that earlier starts read, and keeps those that this start reads. */
    private static void shareClassFiles(ConfigurableApplicationContext context) {
        var read = ((DefaultResourceLoader) context).getResourceCache(MetadataReader.class);
        read.putAll(CLASS_FILES);
        context.addBeanFactoryPostProcessor(factory -> CLASS_FILES.putAll(read));
        ((GenericApplicationContext) context).setResourceLoader(CLASS_FOLDERS);
    }

    /** PasswordsTests holds the cost that the product has. */
    private static void hashPasswordsQuickly(ConfigurableApplicationContext context) {
        context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {

            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof Argon2PasswordEncoder ? QUICK : bean;
            }
        });
    }

    /** Lists the files of the class path once. */
    private static final class ClassFolders extends DefaultResourceLoader implements ResourcePatternResolver {

        private final ResourcePatternResolver resources = new PathMatchingResourcePatternResolver(this);
        private final Map<String, Resource[]> found = new ConcurrentHashMap<>();

        @Override
        public Resource[] getResources(String pattern) throws IOException {
            if (!pattern.startsWith(CLASSPATH_ALL_URL_PREFIX)) {
                return resources.getResources(pattern);
            }
            var known = found.get(pattern);
            if (known == null) {
                known = resources.getResources(pattern);
                found.put(pattern, known);
            }
            return known.clone();
        }
    }

    /**
     * Returns the instance that test classes with these settings share, with a database of its own, no Redis and no
     * sample articles. It runs until the JVM ends. A test that uses it takes names of its own, asks for nothing that
     * others may write, and never closes it.
     */
    public static Freshet shared(Map<String, String> settings) {
        return SHARED.computeIfAbsent(Map.copyOf(settings), Freshet::start);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "instances")), "data-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns its address, {@code http://127.0.0.1:port}, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Returns the port on which it listens. */
    public int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** Returns its bean of this type. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Returns its bean of this name and type. */
    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    /** Counts its beans of this type. */
    public int beans(Class<?> type) {
        return context.getBeansOfType(type).size();
    }

    /** Passes each of its beans of this type to an action. */
    public <T> void beans(Class<T> type, Consumer<T> action) {
        context.getBeansOfType(type).values().forEach(action);
    }

    /** Returns a client of it, which accepts bodies of up to 16 MiB. */
    public WebClient client() {
        return client;
    }

    /** Creates an account without a password and returns its id. */
    public UUID account(String name, Role role) {
        var id = UUID.randomUUID();
        if (get(bean(Accounts.class).create(id, name, null, role.toString())) == 0) {
            throw new IllegalArgumentException("The name " + name + " is taken");
        }
        return id;
    }

    /** Returns an access token of a new account of this role, with all its scopes, valid for an hour. */
    public String token(Role role) {
        return token(account(role + "-" + UUID.randomUUID(), role), Scope.of(role));
    }

    /** Returns an access token of an account with these scopes, valid for an hour. */
    public String token(UUID account, Set<Scope> scopes) {
        return get(bean(Tokens.class).issue(account, scopes, Duration.ofHours(1), UUID.randomUUID()));
    }

    /** The status, headers and body of a response. */
    public record Reply(HttpStatusCode status, HttpHeaders headers, String body) {

        /** Returns the status as a number. */
        public int code() {
            return status.value();
        }

        /** Returns the entity tag, which must be there. */
        public String etag() {
            return Objects.requireNonNull(headers.getETag());
        }

        /** Parses the body. */
        public JsonNode json() {
            return JSON.readTree(body);
        }

        /** Returns a field of the body's JSON object as text, empty where it is absent. */
        public String text(String field) {
            return json().path(field).asString("");
        }
    }

    /**
     * Sends a GET request and returns its response.
     *
     * @param headers names and values in turn
     */
    public Reply get(String path, String... headers) {
        return get(send(HttpMethod.GET, path, null, headers));
    }

    /**
     * Sends a request.
     *
     * @param path with query, encoded
     * @param body JSON unless the headers name another type; null for none
     * @param headers names and values in turn
     */
    public Mono<Reply> send(HttpMethod method, String path, @Nullable String body, String... headers) {
        var request = client().method(method).uri(URI.create(url() + path));
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(body);
        }
        for (var i = 0; i < headers.length; i += 2) {
            var name = headers[i];
            var value = headers[i + 1];
            request.headers(all -> all.set(name, value));
        }
        return request.exchangeToMono(response -> response.bodyToMono(String.class)
                .defaultIfEmpty("")
                .map(text -> new Reply(response.statusCode(), response.headers().asHttpHeaders(), text)));
    }

    /** Waits for the value of a publisher, which must have one. */
    public static <T> T get(Mono<T> publisher) {
        return Objects.requireNonNull(publisher.block(TIMEOUT));
    }

    /** Waits until a condition holds. Calls it on the thread of the caller, since instances need those of schedulers. */
    public static void until(BooleanSupplier condition) {
        await().until(condition::getAsBoolean);
    }

    /** Waits in the same way until an assertion holds, whose last failure explains a timeout. */
    public static void untilAsserted(ThrowingRunnable assertion) {
        await().untilAsserted(assertion);
    }

    private static ConditionFactory await() {
        return Awaitility.await()
                .dontCatchUncaughtExceptions()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL_INTERVAL)
                .atMost(TIMEOUT);
    }

    /** Stops it as on SIGTERM, without waiting for requests in progress. */
    @Override
    public void close() {
        context.close();
    }
}
