package dev.freshet.platform.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/** The embedded servers of one data folder; each may be left out. Its methods may be called by any thread. */
final class EmbeddedStores implements AutoCloseable {

    private final Path dataDir;
    private final Binaries binaries;
    private final Log log;
    private @Nullable DataFolder folder;
    private @Nullable PostgresServer postgres;
    private @Nullable RedisServer redis;
    private boolean closed;

    EmbeddedStores(Path dataDir, Binaries binaries, Log log) {
        this.dataDir = dataDir;
        this.binaries = binaries;
        this.log = log;
    }

    /**
     * Locks the folder and starts the servers.
     *
     * @return the URLs of those that run, by the names of their properties; Redis is missing if it doesn't start, which
     *     the program can do without
     * @throws dev.freshet.platform.StartupFailure if the folder can't be used or PostgreSQL doesn't start
     */
    synchronized Map<String, Object> start(boolean withPostgres, boolean withRedis) {
        Map<String, Object> urls = new LinkedHashMap<>();
        if (closed) {
            return urls;
        }
        DataFolder opened = DataFolder.open(dataDir);
        folder = opened;
        if (withPostgres) {
            postgres = PostgresServer.start(opened, binaries, Durability.POWER_CUT);
            urls.put("freshet.postgres.url", postgres.url());
        }
        if (withRedis) {
            try {
                redis = RedisServer.start(opened, binaries);
                urls.put("freshet.redis.url", redis.url());
            } catch (IOException e) {
                log.warn("The embedded Redis doesn't start (" + e.getMessage()
                        + "). Freshet runs on without Redis, only slower; FRESHET_REDIS_URL names another.");
            }
        }
        return urls;
    }

    /** Stops what runs and unlocks the folder; waits for a start that is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        stop("Redis", redis);
        stop("PostgreSQL", postgres);
        stop("The data folder", folder);
        redis = null;
        postgres = null;
        folder = null;
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
