package dev.freshet.load.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What was measured, round by round, and the table of it. */
final class Results {

    /** A place in the table. */
    record Cell(String scenario, String peer, String figure) {}

    // A scenario has one of them at most.
    private static final List<String> REFERENCES = List.of("nchan", "pgbench");

    private final Map<String, String> setting = new LinkedHashMap<>();
    private final Map<Cell, List<Double>> values = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    /** Says under what conditions the figures came to be. */
    void setting(String name, String value) {
        setting.put(name, value);
    }

    void note(String note) {
        System.out.println(note);
        notes.add(note);
    }

    void add(String scenario, String peer, Map<String, Double> figures) {
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

    OptionalDouble median(String scenario, String peer, String figure) {
        return values.getOrDefault(new Cell(scenario, peer, figure), List.of()).stream()
                .sorted()
                .skip((values.getOrDefault(new Cell(scenario, peer, figure), List.of())
                                        .size()
                                - 1)
                        / 2)
                .mapToDouble(value -> value)
                .findFirst();
    }

    /** Writes the JSON with every round and the table with medians. */
    void write(Path folder, String name) throws IOException {
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
        Files.writeString(
                folder.resolve(name + ".json"),
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        Files.writeString(folder.resolve(name + ".md"), markdown());
    }

    private String markdown() {
        var text = new StringBuilder("# Streams of Freshet and its peers\n\n");
        text.append(
                "Medians of the rounds, with the least and the greatest value. × is the ratio to the median of Nchan, or pgbench.\n\n");
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
        var sorted = new TreeSet<>(rounds);
        var median = median(cell.scenario(), cell.peer(), cell.figure()).orElseThrow();
        var ratio = REFERENCES.stream()
                .filter(reference -> !reference.equals(cell.peer()))
                .flatMapToDouble(reference -> median(cell.scenario(), reference, cell.figure()).stream())
                .filter(reference -> reference > 0)
                .mapToObj(reference -> " **×" + number(median / reference) + "**")
                .findFirst()
                .orElse("");
        return "%s (%s–%s)%s".formatted(number(median), number(sorted.first()), number(sorted.last()), ratio);
    }

    private static String number(double value) {
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }
}
