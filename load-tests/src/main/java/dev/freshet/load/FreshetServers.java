package dev.freshet.load;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The instance that is measured, with the server's core for itself, and on the subscribers' core PostgreSQL, Redis and a
 * second instance that publishers may write to.
 */
public final class FreshetServers {

    private final Home home;
    private final int port;
    private final Server postgres;
    private final Server redis;
    private final Server instance;
    private final Server writer;

    public FreshetServers(Home home, int port) throws IOException {
        this(home, port, List.of("-jar", home.jar().toString()));
    }

    /** @param launch the arguments with which the measured instance starts, in place of {@code -jar} */
    public FreshetServers(Home home, int port, List<String> launch) throws IOException {
        this.home = home;
        this.port = port;
        this.postgres = home.postgres(port + 2).on(Integer.toString(Cores.CLIENT));
        this.redis = home.redis("redis", port + 3).on(Integer.toString(Cores.CLIENT));
        var settings = Map.of(
                "FRESHET_POSTGRES_URL",
                        "postgresql://freshet:" + home.password() + "@127.0.0.1:" + (port + 2) + "/freshet",
                "FRESHET_REDIS_URL", "redis://:" + home.password() + "@127.0.0.1:" + (port + 3),
                "FRESHET_STREAM_MAXPERADDRESS", "100000");
        this.instance =
                home.freshet("freshet", port, settings, Jvm.FLAGS, launch).on(Cores.BOTH);
        this.writer = home.freshet("writer", port + 1, settings, Jvm.FLAGS).on(Cores.BOTH);
    }

    /** Stops all servers when this program ends, unless it is killed. */
    public void endWithThisProgram() {
        List.of(instance, writer, redis).forEach(server -> server.endWithThisProgram("KILL"));
        postgres.endWithThisProgram("INT");
    }

    public void start() throws IOException {
        startStores();
        startInstances();
    }

    public void startStores() throws IOException {
        postgres.start();
        redis.start();
    }

    /** Starts the measured instance without another one. */
    public void startInstance() throws IOException {
        instance.start();
        Home.awaitHealth(instance, port);
    }

    public void startInstances() throws IOException {
        startInstance();
        writer.start();
        Home.awaitHealth(writer, port + 1);
    }

    /** Back to both cores, to warm up to something else. */
    public void unsettle() throws IOException, InterruptedException {
        instance.moveTo(Cores.BOTH);
        writer.moveTo(Cores.BOTH);
    }

    /** To the cores on which they are measured. */
    public void settle() throws IOException, InterruptedException {
        instance.moveTo(Cores.SERVER);
        if (writer.isAlive()) {
            writer.moveTo(Cores.CLIENT);
        }
    }

    public void stopInstance() throws IOException, InterruptedException {
        instance.end("TERM");
    }

    public void stopInstances() throws IOException, InterruptedException {
        writer.end("TERM");
        stopInstance();
    }

    public void stop() throws IOException, InterruptedException {
        stopInstances();
        stopStores();
    }

    public void stopStores() throws IOException, InterruptedException {
        redis.end("TERM");
        postgres.end("INT");
    }

    /** Starts the instance that is measured again. */
    public void restart() throws IOException, InterruptedException {
        instance.end("TERM");
        instance.start();
        Home.awaitHealth(instance, port);
        instance.moveTo(Cores.SERVER);
    }

    public int port() {
        return port;
    }

    public int writerPort() {
        return port + 1;
    }

    public int postgresPort() {
        return port + 2;
    }

    public String token() {
        return home.token();
    }

    public long process() {
        return instance.pid();
    }

    /** The store of both instances, which others may use too. */
    public List<Long> postgres() {
        var backends = ProcessHandle.of(postgres.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        return Stream.concat(Stream.of(postgres.pid()), backends).toList();
    }

    /** All others. */
    public List<Long> others() {
        return Stream.concat(postgres().stream(), Stream.of(redis.pid(), writer.pid()))
                .toList();
    }
}
