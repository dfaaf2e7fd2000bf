package dev.freshet.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The resource usage of processes, as Linux counts it. */
public final class Usage {

    // Positions after the name. Those of ended children follow.
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int CSTIME = 14;
    // On all usual systems.
    private static final double SECONDS_A_TICK = 0.01;

    private Usage() {}

    /** Returns the processor time of the processes so far, in seconds. */
    public static double cpuSeconds(List<Long> processes) {
        return processes.stream()
                .mapToDouble(process -> cpuSeconds(process, STIME))
                .sum();
    }

    /** Returns the same with that of their ended children, such as the closed connections of PostgreSQL. */
    static double cpuSecondsWithEnded(List<Long> processes) {
        return processes.stream()
                .mapToDouble(process -> cpuSeconds(process, CSTIME))
                .sum();
    }

    private static double cpuSeconds(long process, int lastField) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
            // After the name, which may contain blanks.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return IntStream.rangeClosed(UTIME, lastField)
                            .mapToLong(field -> Long.parseLong(fields[field]))
                            .sum()
                    * SECONDS_A_TICK;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Returns the processor time of the living threads of a process so far, in nanoseconds, as the scheduler counts it. */
    public static long cpuNanos(long process) {
        try (var threads = Files.list(Path.of("/proc", Long.toString(process), "task"))) {
            return threads.mapToLong(Usage::threadNanos).sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long threadNanos(Path thread) {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        } catch (IOException e) {
            // It has just ended.
            return 0;
        }
    }

    /** Returns the time that all processors of the machine were busy since its start, in seconds; 0 where it is unknown. */
    public static double busySeconds() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            var fields = lines.findFirst().orElse("").strip().split("\\s+");
            // All but idle and the wait for disks; guests are part of user.
            var ticks = 0L;
            for (var i = 1; i < Math.min(fields.length, 9); i++) {
                ticks += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
            }
            return ticks * SECONDS_A_TICK;
        } catch (IOException e) {
            return 0;
        }
    }

    public static long openFiles(List<Long> processes) throws IOException {
        var sum = 0L;
        for (var process : processes) {
            try (var files = Files.list(Path.of("/proc", Long.toString(process), "fd"))) {
                sum += files.count();
            }
        }
        return sum;
    }

    /** Returns the resident memory of the processes, in bytes. */
    public static long residentBytes(List<Long> processes) throws IOException {
        var sum = 0L;
        for (var process : processes) {
            for (var line : Files.readAllLines(Path.of("/proc", Long.toString(process), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    sum += Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        }
        return sum;
    }
}
