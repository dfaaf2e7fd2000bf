package dev.freshet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the prose of a Markdown file: paragraphs, headings, list items and table cells, without code blocks. */
final class MarkdownProse {

    private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");

    private final Path file;
    private final List<Prose> found = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int start;

    private MarkdownProse(Path file) {
        this.file = file;
    }

    static List<Prose> read(Path file) throws IOException {
        return new MarkdownProse(file).read();
    }

    private List<Prose> read() throws IOException {
        boolean code = false;
        var lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i).strip();
            if (line.startsWith("```")) {
                code = !code;
                end();
            } else if (!code) {
                line(line, i + 1);
            }
        }
        end();
        return found;
    }

    private void line(String line, int number) {
        if (line.startsWith("|")) {
            end();
            for (var cell : CELL_END.split(line, -1)) {
                add(cell, number);
                end();
            }
        } else {
            var item = line.replaceFirst("^(#+|[-*+>]|\\d+\\.)\\s+", "");
            if (line.isEmpty() || !item.equals(line)) {
                end();
            }
            add(item, number);
            if (line.startsWith("#")) {
                end();
            }
        }
    }

    private void add(String words, int number) {
        start = text.isEmpty() ? number : start;
        text.append(words.replaceAll("[*_]+(?=\\p{L})|\\[", "")).append('\n');
    }

    private void end() {
        if (!text.toString().isBlank()) {
            found.add(new Prose(file + ":" + start, text.toString()));
        }
        text.setLength(0);
    }
}
