package dev.freshet.platform.embedded;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that is run to its end. */
record Command(List<String> words) {

    /** @param output what the command wrote to both of its output streams, stripped */
    record Result(int exitCode, String output) {

        boolean failed() {
            return exitCode != 0;
        }

        /** The last line of the output, which tells most about a failure, or the exit code if there's none. */
        String reason() {
            return output.isEmpty()
                    ? "exit code " + exitCode
                    : output.lines()
                            .reduce((first, second) -> second)
                            .orElse(output)
                            .strip();
        }
    }

    /**
     * Runs the command and waits for its end; a command that takes longer than the given time is killed.
     *
     * @throws IOException if the command can't be started or takes too long
     */
    Result run(Duration patience) throws IOException {
        // A file and not a pipe: a server that the command leaves behind may keep its end of a pipe open for ever.
        Path output = Files.createTempFile("freshet-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            // The folder of the program may be one that the server's user can't enter.
            builder.directory(Path.of("/").toFile());
            builder.environment().putAll(Map.of("LC_ALL", "C", "TZ", "UTC"));
            Process process = builder.start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(words.getFirst() + " took longer than " + patience.toSeconds() + " s");
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(output, Charset.defaultCharset()).strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + words.getFirst(), e);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
