package dev.freshet.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server that runs in a process of its own and accepts signals. */
public final class Server {

    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    /** The process id where another program started it; 0 otherwise. */
    private final long runningPid;

    private @Nullable Process process;

    /** @param log the file to which the server's output is appended */
    public Server(String name, List<String> command, Map<String, String> environment, Path log) {
        this(name, command, environment, log, 0);
    }

    private Server(String name, List<String> command, Map<String, String> environment, Path log, long runningPid) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.log = log;
        this.runningPid = runningPid;
    }

    /** Returns a server that another program started, and will stop: here it can only be watched. */
    public static Server running(String name, long pid, Path log) {
        return new Server(name, List.of(), Map.of(), log, pid);
    }

    /** Returns this server restricted to some cores, for example {@code 0,1}, where the system supports it. */
    public Server on(String cores) {
        var pinned = new ArrayList<>(List.of("taskset", "-c", cores));
        pinned.addAll(command);
        return new Server(name, pinned, environment, log);
    }

    /** Moves the process with all its threads to one core. */
    public void moveTo(int core) throws IOException, InterruptedException {
        moveTo(Integer.toString(core));
    }

    /** Moves the process with all its threads to some cores, for example {@code 0,1}. */
    public void moveTo(String cores) throws IOException, InterruptedException {
        var moving = new ProcessBuilder("taskset", "-a", "-c", "-p", cores, Long.toString(pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (moving.waitFor() != 0) {
            throw new IOException(name + " can't be moved to " + cores);
        }
    }

    /** Returns the process id; the server must have been started. */
    public synchronized long pid() {
        return runningPid == 0 ? Objects.requireNonNull(process).pid() : runningPid;
    }

    public synchronized void start() throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Settings of the calling environment must not reach the server.
        builder.environment().keySet().removeIf(key -> key.startsWith("FRESHET_") || key.startsWith("SERVER_"));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Stops the server when this program ends, unless the program is killed. */
    public void endWithThisProgram(String signal) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                end(signal);
            } catch (IOException e) {
                System.err.println(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    public synchronized boolean isAlive() {
        return runningPid == 0
                ? process != null && process.isAlive()
                : ProcessHandle.of(runningPid).isPresent();
    }

    /** Sends a signal, for example {@code STOP}, to the process if it is alive. */
    public synchronized void signal(String signal) throws IOException, InterruptedException {
        var running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        switch (signal) {
            // These start no other program, which would need more files.
            case "TERM" -> running.destroy();
            case "KILL" -> running.destroyForcibly();
            default ->
                new ProcessBuilder("kill", "-" + signal, Long.toString(running.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        }
    }

    /** Sends a signal and waits for the end of the process; returns its exit code. */
    public int end(String signal) throws IOException, InterruptedException {
        signal(signal);
        return awaitEnd();
    }

    /** Waits for the end of the process; returns its exit code. */
    public int awaitEnd() throws IOException, InterruptedException {
        Process running;
        synchronized (this) {
            running = process;
        }
        if (running == null) {
            return 0;
        }
        if (!running.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            running.destroyForcibly().waitFor();
            throw new IOException(name + " did not end within " + TIMEOUT.toSeconds() + " s; see " + log);
        }
        return running.exitValue();
    }

    public Path log() {
        return log;
    }

    @Override
    public String toString() {
        return name;
    }
}
