package dev.freshet.platform.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A detached server process, known by the file that it writes its process id to and removes at its end.
 *
 * @param program the file name of the server's program
 * @param argument an argument of its command line that tells this server from others of the same program
 * @param pidFile where the server writes its process id, in the first line
 */
record ServerProcess(String program, String argument, Path pidFile) {

    /**
     * The running process, if there's one. A process that merely has been given the id of one that died is not taken
     * for it.
     */
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

    /** Waits until the server has removed its file or died; false if the time is over before. */
    boolean awaitEnd(ProcessHandle process, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        // Where nobody reaps orphans (a container's first process), a dead server stays as a zombie: the file tells.
        while (process.isAlive() && Files.exists(pidFile)) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        return true;
    }
}
