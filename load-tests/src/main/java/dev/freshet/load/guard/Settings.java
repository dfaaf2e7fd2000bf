package dev.freshet.load.guard;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a run, read from system properties.
 *
 * @param profile the budgets: {@code smoke}, {@code ci}, {@code here} or {@code release}
 * @param target a running instance, where none is started
 * @param token of an account with the scope {@code ops}, for a target that was not started here
 * @param start whether to start an instance with its stores and a data set
 * @param held the folder of a target that several runs share
 * @param articles the size of the data set
 * @param port the first of eleven ports of the started instance, its stores and the bare handler
 * @param slowness how much slower this machine is than that of the budgets; 1 is the same
 * @param plant the fault between the generator and the target, to check that it is detected
 * @param label the name of the run in the history
 * @param compare the label of an earlier run to compare with; empty for none
 * @param run identifies simulations that run together
 * @param folder the folder of the results
 * @param root the folder of the project
 */
public record Settings(
        String profile,
        URI target,
        String token,
        boolean start,
        @Nullable Path held,
        int articles,
        int port,
        double slowness,
        Plant.Kind plant,
        String label,
        String compare,
        String run,
        Path folder,
        Path root) {

    /** @param simulation its fault may differ from that of others in the same run: {@code plant.FeedPages} */
    static Settings fromSystemProperties(String simulation) {
        var root =
                Path.of(System.getProperty("guard.root", "..")).toAbsolutePath().normalize();
        return new Settings(
                System.getProperty("profile", "smoke"),
                URI.create(System.getProperty("target", "http://127.0.0.1:8080")),
                System.getProperty("token", ""),
                Boolean.getBoolean("start"),
                System.getProperty("held") == null ? null : Path.of(System.getProperty("held")),
                Integer.getInteger("articles", 10_000),
                Integer.getInteger("port", 22000),
                Double.parseDouble(System.getProperty("slowness", "1")),
                Plant.Kind.valueOf(System.getProperty("plant." + simulation, System.getProperty("plant", "none"))
                        .toUpperCase(Locale.ROOT)),
                System.getProperty("label", ""),
                System.getProperty("compare", ""),
                System.getProperty("guard.run", Instant.now().toString()),
                Path.of(System.getProperty("guard.folder", "target/guard")).toAbsolutePath(),
                root);
    }

    boolean isLoopback() {
        var host = target.getHost();
        return start || held != null || host.equals("localhost") || host.startsWith("127.");
    }

    Path budgets() {
        return root.resolve("config/latency-budgets.yaml");
    }

    Path history() {
        return root.resolve("load-tests/results/history.jsonl");
    }
}
