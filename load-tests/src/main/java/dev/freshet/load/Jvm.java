package dev.freshet.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The JVM flags of the measured servers, the same for all. */
public final class Jvm {

    public static final List<String> FLAGS = List.of(
            // From the start on, also during the warm-up on both cores.
            "-XX:ActiveProcessorCount=1",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private Jvm() {}

    public static String description() {
        return "Java " + Runtime.version() + " " + String.join(" ", FLAGS);
    }

    public static void collectGarbage(String java, long process) throws IOException, InterruptedException {
        var jcmd = Path.of(java).resolveSibling("jcmd").toString();
        var collecting = new ProcessBuilder(jcmd, Long.toString(process), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!collecting.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("jcmd does not end");
        }
    }
}
