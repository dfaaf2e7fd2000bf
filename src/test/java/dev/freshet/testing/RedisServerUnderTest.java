package dev.freshet.testing;

import dev.freshet.platform.embedded.ServersForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A private Redis, which a test can kill and restart at the same address. */
public final class RedisServerUnderTest implements AutoCloseable {

    private final ServersForTests folder;
    private final int port;
    private final String url;
    private ServersForTests.@Nullable Redis server;

    private RedisServerUnderTest(ServersForTests folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        ServersForTests.Redis started = folder.startRedis(port);
        this.server = started;
        this.url = started.url();
    }

    /** Starts one, empty, on a free port. */
    public static RedisServerUnderTest started() {
        try {
            return new RedisServerUnderTest(ServersForTests.inTemporaryFolder(), ServersForTests.freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address, which stays the same after each start. */
    public String url() {
        return url;
    }

    /** Suspends it: it no longer answers, but keeps its connections. Kill it to end this. */
    public void suspend() {
        if (server != null) {
            server.suspend();
        }
    }

    /** Ends it with SIGKILL and waits for its end. Its connections and its data are lost. */
    public void kill() {
        if (server != null) {
            server.kill();
            server = null;
        }
    }

    /** Restarts it on its port, empty, and returns when it is ready. */
    public void start() {
        kill();
        try {
            server = folder.startRedis(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it and deletes its folder. */
    @Override
    public void close() {
        kill();
        try {
            folder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
