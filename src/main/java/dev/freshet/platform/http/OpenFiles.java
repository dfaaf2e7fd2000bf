package dev.freshet.platform.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The limit of open files of this process, from which the defaults of other limits follow. */
public final class OpenFiles {

    private static final int MIN_RESERVED = 500;

    private OpenFiles() {}

    /** Returns the limit; {@code Long.MAX_VALUE} where the system has none. */
    static long max() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** Returns the number of connections of clients for which the limit leaves room. */
    public static int maxConnections() {
        return maxConnections(max());
    }

    /** Reserves a tenth and at least 500 files for stores and files, but at most half of them. */
    static int maxConnections(long maxFiles) {
        var reserved = Math.min(maxFiles / 2, Math.max(MIN_RESERVED, maxFiles / 10));
        return Math.clamp(maxFiles - reserved, 1, Integer.MAX_VALUE);
    }
}
