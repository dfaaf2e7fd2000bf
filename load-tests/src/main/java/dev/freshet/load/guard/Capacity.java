package dev.freshet.load.guard;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The limits of the generator that can be checked before a run.
 *
 * @param files the number of files that the process may open
 * @param heap the maximum size of the heap, in bytes
 * @param ports the number of ports for connections to one address
 */
record Capacity(long files, long heap, long ports) {

    // Connections for requests, and the files of the program itself.
    private static final int OTHER_FILES = 1000;
    private static final long FIXED_HEAP = 200L << 20;
    private static final long HEAP_PER_STREAM = 20 << 10;
    private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    static Capacity ofThisProcess() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return new Capacity(
                system instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE,
                Runtime.getRuntime().maxMemory(),
                countPorts());
    }

    private static long countPorts() {
        // In one read: the kernel returns this file only once, however little was read.
        try (var reader = Files.newBufferedReader(PORTS)) {
            var range = String.valueOf(reader.readLine()).split("\\s+");
            return Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1;
        } catch (IOException e) {
            // Another operating system, on which nothing is known.
            return Long.MAX_VALUE;
        }
    }

    /**
     * Returns the limit that a number of streams exceeds, and what to do; null if all are sufficient.
     *
     * @param loopback whether the target is on this machine, where connections come from several addresses
     */
    @Nullable
    String shortage(int streams, boolean loopback) {
        if (streams + OTHER_FILES > files) {
            return "%d streams need %d open files, and %d are allowed. Raise the limit with ulimit -n, or lower --load.subscribers"
                    .formatted(streams, streams + OTHER_FILES, files);
        }
        var memory = FIXED_HEAP + streams * HEAP_PER_STREAM;
        if (memory > heap) {
            return "%d streams need a heap of %d MB, and %d MB are allowed. Raise it with --generator.heap %dm"
                    .formatted(streams, memory >> 20, heap >> 20, memory >> 20);
        }
        if (!loopback && streams + OTHER_FILES > ports) {
            return "%d streams need as many ports, and this machine has %d. Widen net.ipv4.ip_local_port_range, or lower --load.subscribers"
                    .formatted(streams, ports);
        }
        return null;
    }
}
