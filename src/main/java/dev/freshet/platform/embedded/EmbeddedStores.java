package dev.freshet.platform.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/** The embedded servers of one data folder, either of which may be absent. Any thread may call the methods. */
final class EmbeddedStores implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 100;

    private final Path dataDir;
    private final Binaries binaries;
    private final Log log;
    private @Nullable DataFolder folder;
    private @Nullable CompletableFuture<PostgresServer> postgres;
    private @Nullable CompletableFuture<@Nullable RedisServer> redis;
    private boolean closed;

    EmbeddedStores(Path dataDir, Binaries binaries, Log log) {
        this.dataDir = dataDir;
        this.binaries = binaries;
        this.log = log;
    }

    /**
     * Locks the folder and begins to start the servers, beside the caller.
     *
     * @return the URL of each server by the name of its property, as soon as the server runs. The URL of Redis is null if
     *     it does not start, since the program works without it. That of PostgreSQL fails with a {@link
     *     dev.freshet.platform.StartupFailure}
     * @throws dev.freshet.platform.StartupFailure if the folder is unusable
     */
    synchronized Map<String, CompletableFuture<@Nullable String>> start(boolean withPostgres, boolean withRedis) {
        Map<String, CompletableFuture<@Nullable String>> urls = new LinkedHashMap<>();
        if (closed) {
            return urls;
        }
        DataFolder opened = DataFolder.open(dataDir);
        folder = opened;
        if (withPostgres) {
            if (!Files.exists(opened.resolve("postgres"))) {
                // Not logged: logging begins only after the servers.
                System.out.println("Freshet prepares its first start: it unpacks PostgreSQL and creates a database in "
                        + opened.path() + ".");
            }
            postgres = begin(() -> PostgresServer.start(opened, binaries, Durability.POWER_CUT, MAX_CONNECTIONS));
            urls.put("freshet.postgres.url", postgres.thenApply(PostgresServer::url));
        }
        if (withRedis) {
            redis = begin(() -> startRedis(opened));
            urls.put("freshet.redis.url", redis.thenApply(server -> server == null ? null : server.url()));
        }
        return urls;
    }

    private static <S extends @Nullable Object> CompletableFuture<S> begin(Supplier<S> start) {
        return CompletableFuture.supplyAsync(start, task -> Thread.ofPlatform().start(task));
    }

    private @Nullable RedisServer startRedis(DataFolder opened) {
        try {
            return RedisServer.start(opened, binaries);
        } catch (IOException e) {
            log.warn("The embedded Redis does not start (" + e.getMessage()
                    + "). Freshet continues without Redis, more slowly. FRESHET_REDIS_URL can name another Redis.");
            return null;
        }
    }

    /** Stops the running servers and unlocks the folder, after starts in progress. */
    @Override
    public synchronized void close() {
        closed = true;
        stop("Redis", running(redis));
        stop("PostgreSQL", running(postgres));
        stop("The data folder", folder);
        redis = null;
        postgres = null;
        folder = null;
    }

    /** Returns the server as soon as it runs, null if it does not start. */
    private static <S extends @Nullable AutoCloseable> @Nullable S running(@Nullable CompletableFuture<S> starting) {
        return starting == null ? null : starting.exceptionally(failure -> null).join();
    }

    private void stop(String name, @Nullable AutoCloseable server) {
        if (server == null) {
            return;
        }
        try {
            server.close();
        } catch (Exception e) {
            log.warn(name + " was not closed cleanly: " + e.getMessage());
        }
    }
}
