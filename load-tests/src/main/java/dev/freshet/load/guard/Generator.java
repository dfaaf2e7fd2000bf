package dev.freshet.load.guard;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.freshet.load.Usage;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Watches whether the generator keeps up: the lag of its event loops behind a fixed schedule, its processor time, its
 * memory, the time in garbage collections, and its open files.
 * Also watches the processor time of other programs on the machine. A generator at one of these limits measures itself.
 */
public final class Generator {

    /** The operation under which the figures are recorded. */
    static final String OPERATION = "generator";

    /** The share of this machine's processors that the target took, in percent. It has no limit. */
    static final String TARGET = "target";

    /** The figure that a target on the same machine raises too when it takes the processors. */
    static final String LAG = "lag p99";

    private static final Map<String, String> REMEDIES = Map.of(
            LAG,
            "Use a machine with more or faster processors for the generator, or lower the load",
            "cpu",
            "Use a machine with more processors for the generator, or lower the load",
            "memory",
            "Raise its heap with --generator.heap 2g, or lower --load.subscribers",
            "gc",
            "Raise its heap with --generator.heap 2g",
            "resident",
            "Lower --load.subscribers, or give the generator a machine with more memory and raise this limit",
            "others",
            "Stop other programs on this machine, or use another machine",
            "cpu per operation",
            "Use a machine with faster processors or less other work for the generator; all that it does counts",
            "files",
            "Raise the limit of open files with ulimit -n, or lower --load.subscribers");
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(20);
    private static final double MEGABYTE = 1 << 20;

    private static final Set<String> HEAP_POOLS = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toSet());

    private final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();
    private final Series lag = new Series();
    private final Measured measured;
    private final Supplier<List<Long>> processes;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final TargetTime targetTime = new TargetTime(process -> Usage.cpuSeconds(List.of(process)));
    private long cpuBefore;
    private long wallBefore;
    private double cpu;
    private long gcBefore;
    private double gc;
    private double files;
    private double resident;
    private double others;
    private double target;
    private double busyBefore;
    private long usedNanos;
    // Written by the thread that announces collections.
    private volatile double memory;

    /** @param processes the processes of the target that run on this machine */
    Generator(Measured measured, Supplier<List<Long>> processes) {
        this.measured = measured;
        this.processes = processes;
        // Not on an event loop: counting open files takes time in proportion to their number.
        Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("generator").factory())
                .scheduleAtFixedRate(this::sample, 1, 1, TimeUnit.SECONDS);
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener((notification, source) -> collected(notification), null, null);
            }
        }
    }

    /** Returns what to do if a figure exceeds its limit. */
    static String remedy(String figure) {
        return REMEDIES.getOrDefault(figure, "Lower the load");
    }

    private void collected(Notification notification) {
        if (notification.getUserData() instanceof CompositeData data && measured.isMeasuring()) {
            var used =
                    GarbageCollectionNotificationInfo.from(data).getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                            .filter(pool -> HEAP_POOLS.contains(pool.getKey()))
                            .mapToLong(pool -> pool.getValue().getUsed())
                            .sum();
            memory = Math.max(memory, 100.0 * used / Runtime.getRuntime().maxMemory());
        }
    }

    /** Watches the event loop from now on. */
    public void watch(EventLoop loop) {
        if (loops.add(loop)) {
            loop.execute(() -> next(loop, System.nanoTime()));
        }
    }

    private void next(EventLoop loop, long due) {
        var now = System.nanoTime();
        if (measured.isMeasuring()) {
            lag.record(Math.max(0, now - due), true, true);
        }
        // At most once per turn, however late it is: the missed turns waited as long as this one.
        var next = Math.max(due + EVERY, now);
        if (!loop.isShuttingDown()) {
            loop.schedule(() -> next(loop, next), next - now, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void sample() {
        if (!measured.isMeasuring()) {
            return;
        }
        var now = System.nanoTime();
        var used = system.getProcessCpuTime();
        var targetSeconds = targetTime.seconds(processes.get());
        if (wallBefore == 0) {
            wallBefore = now;
            cpuBefore = used;
            gcBefore = gcMillis();
            busyBefore = Usage.busySeconds();
        } else if (now > wallBefore) {
            cpu = 100.0
                    * (used - cpuBefore)
                    / (now - wallBefore)
                    / Runtime.getRuntime().availableProcessors();
            usedNanos = used - cpuBefore;
            gc = 100.0 * TimeUnit.MILLISECONDS.toNanos(gcMillis() - gcBefore) / (now - wallBefore);
            if (system instanceof UnixOperatingSystemMXBean unix) {
                files = Math.max(files, 100.0 * unix.getOpenFileDescriptorCount() / unix.getMaxFileDescriptorCount());
            }
            var available = (now - wallBefore) / 1e9 * Runtime.getRuntime().availableProcessors();
            target = 100 * targetSeconds / available;
            others =
                    Math.max(0, 100 * (Usage.busySeconds() - busyBefore - targetSeconds - usedNanos / 1e9) / available);
            resident = Math.max(resident, residentMegabytes());
        }
    }

    private static double residentMegabytes() {
        try {
            return Usage.residentBytes(List.of(ProcessHandle.current().pid())) / MEGABYTE;
        } catch (IOException e) {
            // Another operating system, on which nothing is known.
            return 0;
        }
    }

    private static long gcMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    /** Adds the figures to the measurements. Call it once, at the end. */
    synchronized void finish() {
        lag.tick(0, true);
        measured.figure(OPERATION, "others", others);
        measured.figure(OPERATION, TARGET, target);
        measured.figure(OPERATION, LAG, lag.percentile(99));
        measured.figure(OPERATION, "cpu", cpu);
        measured.figure(OPERATION, "memory", memory);
        measured.figure(OPERATION, "gc", gc);
        measured.figure(OPERATION, "files", files);
        measured.figure(OPERATION, "resident", resident);
        var operations = measured.count();
        measured.figure(OPERATION, "cpu per operation", operations == 0 ? 0 : usedNanos / 1e3 / operations);
    }
}
