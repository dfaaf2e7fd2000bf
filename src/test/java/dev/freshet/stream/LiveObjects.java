package dev.freshet.stream;

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The reachable objects of the virtual machine at a moment.
 *
 * @param bytesByClass their bytes by the name of their class
 */
record LiveObjects(Map<String, Long> bytesByClass) {

    // The rank, the number of objects, their bytes, and the name of their class.
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

    /** The collector fills free memory with these. */
    private static final String FILLER = "jdk.internal.vm.FillerElement;";

    /** Collects garbage, and counts what stays. */
    static LiveObjects count() {
        try {
            // Twice, since the first may only enqueue references whose owners then remove more.
            histogram();
            var bytes = new HashMap<String, Long>();
            histogram()
                    .lines()
                    .map(LINE::matcher)
                    .filter(line -> line.matches())
                    .forEach(line -> bytes.merge(line.group(2), Long.valueOf(line.group(1)), Long::sum));
            bytes.keySet().removeIf(name -> name.endsWith(FILLER));
            return new LiveObjects(bytes);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String histogram() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
    }

    /** Returns the difference from other objects. */
    LiveObjects minus(LiveObjects other) {
        var difference = new HashMap<>(bytesByClass);
        other.bytesByClass.forEach((name, bytes) -> difference.merge(name, -bytes, Long::sum));
        return new LiveObjects(difference);
    }

    /** Returns the bytes of all classes. */
    long bytes() {
        return bytesByClass.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the classes with most bytes. */
    List<String> largest(int classes) {
        return bytesByClass.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(classes)
                .map(one -> "%,12d %s".formatted(one.getValue(), one.getKey()))
                .toList();
    }
}
