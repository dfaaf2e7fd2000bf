package dev.freshet.platform.embedded;

import dev.freshet.testing.Freshet;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The built program in a process of its own, as its user starts it. */
final class Program implements AutoCloseable {

    private final Process process;
    private final Path dataDir;
    private final Path errors;

    private Program(Process process, Path dataDir, Path errors) {
        this.process = process;
        this.dataDir = dataDir;
        this.errors = errors;
    }

    /** Starts it in a process group of its own, on a free port unless the arguments name one. */
    static Program launch(Path dataDir, String... arguments) throws IOException {
        Path errors = Files.createTempFile("freshet-", ".err");
        errors.toFile().deleteOnExit();
        List<String> command = new ArrayList<>(List.of(
                // A shell's background jobs ignore SIGINT, and what they start inherits that.
                "env",
                "--default-signal=INT",
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPathWithoutTests(),
                "dev.freshet.platform.launch.Launcher",
                "--freshet.data-dir=" + dataDir,
                "--freshet.embedded.binaries=" + ServersForTests.binaries()));
        if (Stream.of(arguments).noneMatch(argument -> argument.startsWith("--server.port="))) {
            command.add("--server.port=0");
        }
        command.addAll(List.of(arguments));
        return new Program(
                new ProcessBuilder(command).redirectError(errors.toFile()).start(), dataDir, errors);
    }

    private static String classPathWithoutTests() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes") && !entry.contains("blockhound"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Starts it and waits until it reports that it is ready. */
    static Program start(Path dataDir, String... arguments) throws IOException {
        Program program = launch(dataDir, arguments);
        BufferedReader output = program.process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("Freshet is ready")) {
                return program;
            }
        }
        throw new IllegalStateException("It ended: " + program.errors());
    }

    /** Waits for its end and returns its exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(Freshet.TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("It does not end");
        }
        return process.exitValue();
    }

    /** The lines that it has written to its standard error. */
    List<String> errors() throws IOException {
        return Files.readAllLines(errors);
    }

    long pid() {
        return process.pid();
    }

    /** Ends it with SIGTERM; returns its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** Ends it with SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** Sends SIGINT to the process group, as Ctrl-C does. */
    int interruptGroup() throws IOException, InterruptedException {
        Command.Result result = new Command(List.of("kill", "-INT", "--", "-" + process.pid())).run(Freshet.TIMEOUT);
        if (result.failed()) {
            throw new IOException(result.output());
        }
        return exitCode();
    }

    Optional<ProcessHandle> postgres() throws IOException {
        return new ServerProcess(
                        "postgres", dataDir.resolve("postgres").toString(), dataDir.resolve("postgres/postmaster.pid"))
                .find();
    }

    Optional<ProcessHandle> redis() throws IOException {
        return new ServerProcess(
                        "redis-server",
                        dataDir.resolve("redis/redis.conf").toString(),
                        dataDir.resolve("redis/redis.pid"))
                .find();
    }

    /** A connection to its embedded database. */
    Connection database() throws IOException, SQLException {
        String port = Files.readAllLines(dataDir.resolve("postgres/postmaster.pid"))
                .get(3)
                .strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/freshet",
                "freshet",
                Files.readString(dataDir.resolve("stores.password"), StandardCharsets.US_ASCII));
    }

    /** Ends it, and the servers of its folder. */
    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        postgres().ifPresent(ProcessHandle::destroyForcibly);
        redis().ifPresent(ProcessHandle::destroyForcibly);
    }
}
