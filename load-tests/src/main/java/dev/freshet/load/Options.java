package dev.freshet.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The options of a program: a name, a value and what it means. */
public final class Options {

    private final String purpose;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final StringBuilder help = new StringBuilder();

    public Options(String purpose) {
        this.purpose = purpose;
    }

    public Options with(String name, Object value, String meaning) {
        values.put(name, value.toString());
        help.append("  --%-12s %s%s\n".formatted(name, meaning, value.equals("") ? "" : " (" + value + ")"));
        return this;
    }

    /** Reads a command line; ends the program where it asks for help or can't be understood. */
    public Options read(String... args) {
        if (Arrays.asList(args).contains("--help")) {
            System.out.println(purpose + "\n\n" + help);
            System.exit(0);
        }
        for (var i = 0; i < args.length; i += 2) {
            var name = args[i].replaceFirst("^--", "");
            if (!values.containsKey(name) || i + 1 == args.length) {
                System.err.println("No such option, or no value for it: " + args[i] + "\n\n" + help);
                System.exit(2);
            }
            values.put(name, args[i + 1]);
        }
        return this;
    }

    /** The command line that says the same. */
    public String line() {
        return values.entrySet().stream()
                .filter(option -> !option.getValue().isEmpty())
                .map(option -> "--" + option.getKey() + " " + option.getValue())
                .collect(Collectors.joining(" "));
    }

    public String text(String name) {
        return values.getOrDefault(name, "");
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    public long seed() {
        return Long.parseLong(text("seed"));
    }

    public Duration duration(String name) {
        return Duration.parse(text(name));
    }

    public Path path(String name) {
        return Path.of(text(name)).toAbsolutePath();
    }
}
