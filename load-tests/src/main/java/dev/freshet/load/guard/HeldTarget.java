package dev.freshet.load.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;

/**
 * Starts a target with its stores and data for several runs with the option {@code --held}. It runs until this program is
 * stopped. The file {@code held} appears in the folder of the results when the target is ready.
 */
public final class HeldTarget {

    private HeldTarget() {}

    /** The settings are system properties. */
    public static void main(String... args) throws IOException, InterruptedException, SQLException {
        var settings = Settings.fromSystemProperties("");
        Files.createDirectories(settings.folder());
        Target.of(settings, 1).hold(settings.articles()).write(settings.folder());
        // Its servers end with this program.
        Thread.currentThread().join();
    }
}
