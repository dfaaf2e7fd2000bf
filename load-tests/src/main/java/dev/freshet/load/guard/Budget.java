package dev.freshet.load.guard;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The limits of a simulation, and the load under which they hold.
 *
 * @param load by the names that the simulation uses; a system property such as {@code load.rate} replaces an amount
 * @param operations the limits of each operation by figure: {@code p50}, {@code p99.9}, {@code errors}, …
 * @param generator the limits beyond which the generator was measured rather than the server
 */
public record Budget(
        String simulation,
        String profile,
        Map<String, Double> load,
        Map<String, Map<String, Limit>> operations,
        Map<String, Limit> generator) {

    private static final Set<String> RATES = Set.of("rate", "publishes", "people", "imports");
    private static final String WARM_UP = "warm-up";
    private static final double MAX_WARM_UP_FACTOR = 2;

    /**
     * Reads one budget from the table. The load is for a machine of some slowness: lower rates, and a longer warm-up.
     *
     * @param slowness how much slower this machine is than that of the budgets; 1 is the same
     * @throws IllegalArgumentException if the table has none, or an entry is not a limit
     */
    static Budget read(Path table, String simulation, String profile, double slowness) throws IOException {
        try (Reader reader = Files.newBufferedReader(table)) {
            Map<String, Object> all = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            var profiles = map(all.get(simulation), simulation);
            var rows = map(profiles.get(profile), simulation + " " + profile);
            var load = new LinkedHashMap<String, Double>();
            map(rows.remove("load"), simulation + " " + profile + " load")
                    .forEach((name, value) -> load.put(name, amount(name, value.toString(), slowness)));
            var operations = new LinkedHashMap<String, Map<String, Limit>>();
            rows.forEach((operation, limits) -> operations.put(operation, limits(limits, operation)));
            var generator = new LinkedHashMap<>(limits(all.get(Generator.OPERATION), Generator.OPERATION));
            // A simulation may have limits of its own for the generator.
            generator.putAll(operations.getOrDefault(Generator.OPERATION, Map.of()));
            operations.remove(Generator.OPERATION);
            return new Budget(simulation, profile, load, operations, generator);
        }
    }

    private static double amount(String name, String value, double slowness) {
        var given = System.getProperty("load." + name);
        if (given != null) {
            return Double.parseDouble(given);
        }
        var amount = Double.parseDouble(value);
        if (RATES.contains(name)) {
            return amount / slowness;
        }
        // Its compilations take processor time. Bounded, so that all simulations end within half an hour.
        return name.equals(WARM_UP) ? amount * Math.min(slowness, MAX_WARM_UP_FACTOR) : amount;
    }

    private static Map<String, Limit> limits(Object limits, String of) {
        var read = new LinkedHashMap<String, Limit>();
        map(limits, of).forEach((figure, text) -> read.put(figure, Limit.of(text)));
        return read;
    }

    private static Map<String, Object> map(Object value, String of) {
        if (value instanceof Map<?, ?> map) {
            var read = new LinkedHashMap<String, Object>();
            map.forEach((key, each) -> read.put(key.toString(), each));
            return read;
        }
        throw new IllegalArgumentException("The budgets contain no " + of);
    }

    /** Returns an amount of the load that the table may omit. */
    public double load(String name, double otherwise) {
        return load.getOrDefault(name, Double.valueOf(System.getProperty("load." + name, Double.toString(otherwise))));
    }

    /** Returns an amount of the load. */
    public double load(String name) {
        var value = load.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "The budget of " + simulation + " for " + profile + " has no load " + name);
        }
        return value;
    }
}
