package dev.freshet.platform.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A detached server process, identified by its pid file, which it removes at its end.
 *
 * @param program the file name of the server's program
 * @param argument a command line argument that distinguishes this server from others of the same program
 * @param pidFile the file with the process id in its first line
 */
record ServerProcess(String program, String argument, Path pidFile) {

    /** Returns the running process, if one exists. An unrelated process that got the same id does not count. */
    Optional<ProcessHandle> find() throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(pidFile)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("[1-9][0-9]{0,17}"))
                    .map(Long::parseLong)
                    .flatMap(ProcessHandle::of)
                    .filter(this::isThisServer);
        }
    }

    private boolean isThisServer(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        return info.command()
                        .map(command -> Path.of(command.replace(" (deleted)", "")))
                        .map(Path::getFileName)
                        .filter(name -> name.toString().equals(program))
                        .isPresent()
                && info.arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(argument))
                        .isPresent();
    }

    /** Waits until the server has removed its file or died; returns false on a timeout. */
    boolean awaitEnd(ProcessHandle process, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        // Without a process that reaps orphans (as in a container), a dead server stays as a zombie. Then the file
        // decides.
        while (process.isAlive() && Files.exists(pidFile)) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        return true;
    }
}
