package dev.freshet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown document of this repository.
 *
 * @param path relative to the top of the repository
 */
record MarkdownDocument(Path path, String text) {

    private static final Pattern BLOCK =
            Pattern.compile("^```(\\w+)?(?: ([^\\n]*))?\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final List<String> FOLDERS = List.of("src/docs", "config", "docker", "load-tests");

    /**
     * A fenced block.
     *
     * @param language the first word of its info string, empty for none
     * @param options the rest of its info string
     * @param line the number of its first line
     */
    record Block(String language, String options, String content, int line) {}

    static MarkdownDocument read(String path) {
        return read(Path.of(path));
    }

    private static MarkdownDocument read(Path path) {
        try {
            return new MarkdownDocument(path, Files.readString(path));
        } catch (IOException e) {
            throw new AssertionError("Cannot read " + path, e);
        }
    }

    /** Returns all documents, those of the top level first. */
    static List<MarkdownDocument> all() {
        return Stream.concat(
                        find(Path.of(""), 1),
                        FOLDERS.stream().flatMap(folder -> find(Path.of(folder), Integer.MAX_VALUE)))
                .toList();
    }

    /** Returns README and the documents in {@code src/docs}, in the order in which a reader meets them. */
    static List<MarkdownDocument> manual() {
        return Stream.concat(Stream.of(read("README.md")), find(Path.of("src/docs"), Integer.MAX_VALUE))
                .toList();
    }

    private static Stream<MarkdownDocument> find(Path folder, int depth) {
        try (var files = Files.walk(folder, depth)) {
            return files
                    .filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList()
                    .stream()
                    .map(MarkdownDocument::read);
        } catch (IOException e) {
            throw new AssertionError("Cannot list " + folder, e);
        }
    }

    List<Block> blocks() {
        return BLOCK.matcher(text)
                .results()
                .map(match ->
                        new Block(group(match.group(1)), group(match.group(2)), match.group(3), lineAt(match.start(3))))
                .toList();
    }

    private static String group(String value) {
        return value == null ? "" : value;
    }

    private int lineAt(int offset) {
        return 1 + (int) text.substring(0, offset).lines().count();
    }

    /** Returns the targets of its links to files of this repository. */
    List<String> relativeLinks() {
        return LINK.matcher(prose())
                .results()
                .map(match -> match.group(1))
                .filter(target -> !target.contains(":") && !target.startsWith("/"))
                .toList();
    }

    /** Returns the fragments that lead to its headings. */
    List<String> anchors() {
        return HEADING.matcher(prose())
                .results()
                .map(match -> match.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    /** Returns its text without its fenced blocks. */
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
