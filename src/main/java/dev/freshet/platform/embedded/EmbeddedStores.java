package dev.freshet.platform.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/** The embedded servers of one data folder, either of which may be absent. Any thread may call the methods. */
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
     * @return the URLs of the running servers by the names of their properties. Redis is absent if it does not start,
     *      since the program works without it
     * @throws dev.freshet.platform.StartupFailure if the folder is unusable or PostgreSQL does not start
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
                log.warn("The embedded Redis does not start (" + e.getMessage()
                        + "). Freshet continues without Redis, more slowly. FRESHET_REDIS_URL can name another Redis.");
            }
        }
        return urls;
    }

    /** Stops the running servers and unlocks the folder, after a start in progress. */
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
