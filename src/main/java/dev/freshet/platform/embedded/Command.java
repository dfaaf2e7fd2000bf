package dev.freshet.platform.embedded;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that runs to its end. */
record Command(List<String> words) {

    /**
     * The result of a command.
     *
     * @param output the merged standard output and error, stripped
     */
    record Result(int exitCode, String output) {

        boolean failed() {
            return exitCode != 0;
        }

        /**
         * Returns the last line of the output, usually the reason of a failure, or the exit code if there is no output.
         */
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
     * Runs the command and waits for its end. A command that exceeds the time is killed.
     *
     * @throws IOException if the command does not start or exceeds the time
     */
    Result run(Duration patience) throws IOException {
        // A file rather than a pipe: a server that the command leaves behind could keep its end of a pipe open.
        Path output = Files.createTempFile("freshet-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            // The user of the server may lack access to the present working folder.
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
