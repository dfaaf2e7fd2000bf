package dev.freshet.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** Measured figures, round by round, and their table. */
public final class Results {

    /** A cell of the table. */
    record Cell(String scenario, String peer, String figure) {}

    private final String title;
    private final String explanation;
    private final List<String> references;
    private final Map<String, String> setting = new LinkedHashMap<>();
    private final Map<Cell, List<Double>> values = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> listings = new LinkedHashMap<>();

    /**
     * Creates an empty table.
     *
     * @param explanation the meaning of its cells
     * @param references the peers that others are compared with, at most one per scenario
     */
    public Results(String title, String explanation, List<String> references) {
        this.title = title;
        this.explanation = explanation;
        this.references = List.copyOf(references);
    }

    /** Describes the machine that runs this program. */
    public static String machine() throws IOException {
        var model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown");
        return Runtime.getRuntime().availableProcessors() + " core(s) for this program of " + model + ", Linux "
                + System.getProperty("os.version");
    }

    /** Adds a condition of the measurement. */
    public void setting(String name, String value) {
        setting.put(name, value);
    }

    public void note(String note) {
        System.out.println(note);
        notes.add(note);
    }

    /** Adds text that appears unchanged at the end, once per name. */
    public void listing(String name, String text) {
        listings.put(name, text);
    }

    public void add(String scenario, String peer, Map<String, Double> figures) {
        figures.forEach(
                (figure, value) -> values.computeIfAbsent(new Cell(scenario, peer, figure), absent -> new ArrayList<>())
                        .add(value));
        System.out.printf(
                "%-28s %-16s %s%n",
                scenario,
                peer,
                figures.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + number(entry.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    public OptionalDouble median(String scenario, String peer, String figure) {
        return median(values.getOrDefault(new Cell(scenario, peer, figure), List.of()));
    }

    private static OptionalDouble median(List<Double> rounds) {
        return rounds.stream()
                .sorted()
                .skip(Math.max(0, (rounds.size() - 1) / 2))
                .mapToDouble(value -> value)
                .findFirst();
    }

    /** Writes the JSON with every round and the table with medians. */
    public void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        var rounds = values.entrySet().stream()
                .map(entry -> Map.of(
                        "scenario", entry.getKey().scenario(),
                        "peer", entry.getKey().peer(),
                        "figure", entry.getKey().figure(),
                        "rounds", entry.getValue()))
                .toList();
        var json = new LinkedHashMap<String, Object>();
        json.put("setting", setting);
        json.put("figures", rounds);
        json.put("notes", notes);
        if (!listings.isEmpty()) {
            json.put("listings", listings);
        }
        Files.writeString(
                folder.resolve(name + ".json"),
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        Files.writeString(folder.resolve(name + ".md"), markdown());
    }

    private String markdown() {
        var text = new StringBuilder("# " + title + "\n\n" + explanation + "\n\n");
        setting.forEach((what, value) ->
                text.append("- ").append(what).append(": ").append(value).append('\n'));
        for (var scenario :
                values.keySet().stream().map(Cell::scenario).distinct().toList()) {
            text.append("\n## ").append(scenario).append("\n\n");
            table(scenario, text);
        }
        if (!notes.isEmpty()) {
            text.append("\n## Notes\n\n");
            notes.forEach(note -> text.append("- ").append(note).append('\n'));
        }
        listings.forEach((name, listing) -> text.append("\n## ")
                .append(name)
                .append("\n\n```\n")
                .append(listing.strip())
                .append("\n```\n"));
        return text.toString();
    }

    private void table(String scenario, StringBuilder text) {
        var cells = values.keySet().stream()
                .filter(cell -> cell.scenario().equals(scenario))
                .toList();
        var peers = cells.stream().map(Cell::peer).distinct().toList();
        text.append("| | ").append(String.join(" | ", peers)).append(" |\n|---|");
        text.append("---|".repeat(peers.size())).append('\n');
        for (var figure : cells.stream().map(Cell::figure).distinct().toList()) {
            text.append("| ").append(figure);
            for (var peer : peers) {
                text.append(" | ").append(cell(new Cell(scenario, peer, figure)));
            }
            text.append(" |\n");
        }
    }

    private String cell(Cell cell) {
        var rounds = values.get(cell);
        if (rounds == null) {
            return "";
        }
        var ratios = references.stream()
                .filter(reference -> !reference.equals(cell.peer()))
                .map(reference -> values.get(new Cell(cell.scenario(), reference, cell.figure())))
                .filter(Objects::nonNull)
                .map(reference -> ratios(rounds, reference))
                .filter(each -> !each.isEmpty())
                .findFirst();
        return spread(rounds)
                + ratios.map(each -> " **×" + spread(each).replaceFirst(" ", "** "))
                        .orElse("");
    }

    /** Round by round, since a disturbance affects all peers of a round. */
    private static List<Double> ratios(List<Double> rounds, List<Double> reference) {
        return IntStream.range(0, Math.min(rounds.size(), reference.size()))
                .filter(round -> reference.get(round) > 0)
                .mapToObj(round -> rounds.get(round) / reference.get(round))
                .toList();
    }

    private static String spread(List<Double> rounds) {
        var sorted = new TreeSet<>(rounds);
        return "%s (%s–%s)"
                .formatted(number(median(rounds).orElseThrow()), number(sorted.first()), number(sorted.last()));
    }

    private static String number(double value) {
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }
}
