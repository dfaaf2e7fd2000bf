package dev.freshet.load.streams;

import dev.freshet.load.Home;
import dev.freshet.load.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The instance that is measured, with the server's core for itself, and on the subscribers' core PostgreSQL, Redis and a
 * second instance that publishers may write to.
 */
final class FreshetServers {

    private final Home home;
    private final int port;
    private final Server postgres;
    private final Server redis;
    private final Server instance;
    private final Server writer;

    FreshetServers(Home home, int port) throws IOException {
        this.home = home;
        this.port = port;
        this.postgres = home.postgres(port + 2).on(Integer.toString(Compare.CLIENT_CORE));
        this.redis = home.redis("redis", port + 3).on(Integer.toString(Compare.CLIENT_CORE));
        var settings = Map.of(
                "FRESHET_POSTGRES_URL",
                        "postgresql://freshet:" + home.password() + "@127.0.0.1:" + (port + 2) + "/freshet",
                "FRESHET_REDIS_URL", "redis://:" + home.password() + "@127.0.0.1:" + (port + 3),
                "FRESHET_STREAM_MAXPERADDRESS", "100000");
        this.instance = home.freshet("freshet", port, settings, Jvm.FLAGS).on(Compare.BOTH_CORES);
        this.writer = home.freshet("writer", port + 1, settings, Jvm.FLAGS).on(Compare.BOTH_CORES);
    }

    void start() throws IOException {
        postgres.start();
        redis.start();
        instance.start();
        Home.awaitHealth(instance, port);
        writer.start();
        Home.awaitHealth(writer, port + 1);
    }

    /** To the cores on which they are measured. */
    void settle() throws IOException, InterruptedException {
        instance.moveTo(Compare.SERVER_CORE);
        writer.moveTo(Compare.CLIENT_CORE);
    }

    void stop() throws IOException, InterruptedException {
        writer.end("TERM");
        instance.end("TERM");
        redis.end("TERM");
        postgres.end("INT");
    }

    /** Starts the instance that is measured again. */
    void restart() throws IOException, InterruptedException {
        instance.end("TERM");
        instance.start();
        Home.awaitHealth(instance, port);
        instance.moveTo(Compare.SERVER_CORE);
    }

    int port() {
        return port;
    }

    int writerPort() {
        return port + 1;
    }

    int postgresPort() {
        return port + 2;
    }

    String token() {
        return home.token();
    }

    long process() {
        return instance.pid();
    }

    /** All others. */
    List<Long> others() {
        var backends = ProcessHandle.of(postgres.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        return new ArrayList<>(Stream.concat(Stream.of(postgres.pid(), redis.pid(), writer.pid()), backends)
                .toList());
    }
}
