package dev.freshet.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The measured budget of searches and followed feeds, as Markdown. Each run replaces the sections that it measured. */
public final class SearchResults {

    private static final Path FILE = Path.of("load-tests/results/search.md");
    private static final String SECTION = "## ";

    private static final String INTRODUCTION = """
            # Searches and followed feeds

            Streams are measured beside as many streams of tags. All values are of this machine alone: the test, Freshet and
            PostgreSQL share it. [load-tests/README.md](../README.md#budget-of-searches-and-followed-feeds) has the targets.

            - command: mvn test -Dtest='StreamBudgetTests,PageBudgetTests' -Dtest.compiler= -Dfreshet.budget.streams=10000
              -Dfreshet.budget.articles=1000000""";

    private SearchResults() {}

    /**
     * Prints a section, and writes it to the file.
     *
     * @param title in the order of which the sections are sorted
     * @param lines a table
     */
    public static void write(String title, List<String> lines) {
        lines.forEach(System.out::println);
        try {
            var sections = new TreeMap<String, List<String>>();
            if (Files.exists(FILE)) {
                List<String> section = new ArrayList<>();
                for (var line : Files.readAllLines(FILE)) {
                    if (line.startsWith(SECTION)) {
                        section = sections.computeIfAbsent(line, absent -> new ArrayList<>());
                    } else if (!line.isBlank()) {
                        section.add(line);
                    }
                }
            }
            sections.put(SECTION + title, lines);
            var text = new ArrayList<>(INTRODUCTION.lines().toList());
            text.add("- machine: %d processors, %s %s, Java %s"
                    .formatted(
                            Runtime.getRuntime().availableProcessors(),
                            System.getProperty("os.name"),
                            System.getProperty("os.version"),
                            System.getProperty("java.vm.version")));
            sections.forEach((heading, section) -> {
                text.addAll(List.of("", heading, ""));
                text.addAll(section);
            });
            Files.write(FILE, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
