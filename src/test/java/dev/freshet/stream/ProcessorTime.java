package dev.freshet.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The processor time of this process, on Linux. Compilers are left out, since they end their work after a while. */
final class ProcessorTime {

    private static final Path THREADS = Path.of("/proc/self/task");

    private ProcessorTime() {}

    /** Returns the nanoseconds of all threads that still run, with those that collect garbage. */
    static long nanos() {
        try (var threads = Files.list(THREADS)) {
            return threads.mapToLong(ProcessorTime::nanos).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long nanos(Path thread) {
        try {
            var isCompiler = Files.readString(thread.resolve("comm")).contains("CompilerThre");
            return isCompiler
                    ? 0
                    : Long.parseLong(
                            Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
        } catch (NoSuchFileException e) {
            // It has ended.
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
