package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Plain English in Javadoc, documents, and comments of sources and configuration. A sentence starts with a verb or a
 * noun, and a sentence of Javadoc has at most 30 words.
 */
class LanguageTests {

    private static final int MAX_JAVADOC_WORDS = 30;
    private static final int MAX_TEST_WORDS = 10;
    private static final Pattern WORD = Pattern.compile("[A-Z]+(?![a-z])|[A-Za-z][a-z]*|\\d+");

    private static List<Prose> javadoc = List.of();
    private static List<Prose> comments = List.of();
    private static List<Prose> documents = List.of();

    @BeforeAll
    static void read() throws IOException {
        javadoc = new ArrayList<>();
        comments = new ArrayList<>();
        for (var root : List.of(JavaSources.MAIN, JavaSources.TESTS)) {
            var sources = JavaSources.parse(root);
            for (var unit : sources.units()) {
                javadoc.addAll(JavadocProse.read(sources, unit));
                comments.addAll(comments(JavaSources.path(unit), "//"));
            }
        }
        for (var file : configuration()) {
            comments.addAll(comments(file, "#"));
        }
        documents = new ArrayList<>();
        for (var document : documents()) {
            documents.addAll(MarkdownProse.read(document));
        }
    }

    @Test
    void javadocSentencesOpenWithVerbOrNoun() {
        assertThat(javadoc).isNotEmpty();
        assertThat(javadoc.stream().flatMap(Prose::riddles)).isEmpty();
    }

    @Test
    void javadocSentencesAreShort() {
        assertThat(javadoc.stream().flatMap(prose -> prose.longerThan(MAX_JAVADOC_WORDS)))
                .isEmpty();
    }

    @Test
    void commentsOpenWithVerbOrNoun() {
        assertThat(comments).isNotEmpty();
        assertThat(comments.stream().flatMap(Prose::riddles)).isEmpty();
    }

    @Test
    void testNamesOpenWithVerbOrNoun() throws IOException {
        var riddle = Pattern.compile("void (what|who|whoever|whom|where|how|those|of)[A-Z]\\w*\\(");
        var riddles = new ArrayList<String>();
        for (var file : JavaSources.files(JavaSources.TESTS, "Tests.java")) {
            riddle.matcher(Files.readString(file))
                    .results()
                    .map(name -> file + ": " + name.group())
                    .forEach(riddles::add);
        }
        assertThat(riddles).isEmpty();
    }

    @Test
    void testNamesAreShort() throws IOException {
        var name = Pattern.compile("void ([a-z]\\w*)\\(");
        assertThat(JavaSources.files(JavaSources.TESTS, "Tests.java"))
                .flatExtracting(file -> name.matcher(Files.readString(file))
                        .results()
                        .map(result -> result.group(1))
                        .filter(test -> words(test) > MAX_TEST_WORDS)
                        .map(test -> file + ": " + test)
                        .toList())
                .isEmpty();
    }

    /** Returns the count of words of a name in camel case, without the number of a section that it begins with. */
    private static long words(String name) {
        var text = name.replaceFirst("^[a-z]+\\d+(_\\d+)*_", "");
        return WORD.matcher(text).results().count();
    }

    @Test
    void proseUsesTradeWords() {
        assertThat(javadoc.stream().flatMap(Prose::archaisms)).isEmpty();
        assertThat(comments.stream().flatMap(Prose::archaisms)).isEmpty();
        assertThat(documents.stream().flatMap(Prose::archaisms)).isEmpty();
    }

    @Test
    void namesUseTradeWords() throws IOException {
        var archaism = Pattern.compile("\\b(told|lets|asked|whom|anew)\\b(?= =|\\(|\\.|;)");
        for (var root : List.of(JavaSources.MAIN, JavaSources.TESTS)) {
            assertThat(JavaSources.files(root, ".java"))
                    .flatExtracting(file -> archaism.matcher(Files.readString(file))
                            .results()
                            .map(result -> file + ": " + result.group())
                            .toList())
                    .isEmpty();
        }
    }

    @Test
    void documentsOpenWithVerbOrNoun() {
        assertThat(documents.stream().flatMap(Prose::riddles)).isEmpty();
    }

    @Test
    void riddlesAreFoundInAnySentence() {
        var prose = new Prose("X:1", "Returns `what` it found. What it found may be null. (Of both.) how it goes.");
        assertThat(prose.riddles()).hasSize(2);
        assertThat(new Prose("X:1", "of the name").riddles()).hasSize(1);
        assertThat(new Prose("X:1", "It is told at hand. It stands for both. It waits.").archaisms())
                .hasSize(2);
        assertThat(new Prose("X:1", "word ".repeat(31)).longerThan(30)).hasSize(1);
        assertThat(new Prose("X:1", "word ".repeat(30) + ". Word").longerThan(30))
                .isEmpty();
    }

    private static List<Path> documents() throws IOException {
        var documents = new ArrayList<Path>();
        Stream.of(
                        "README.md",
                        "SECURITY.md",
                        "CHANGELOG.md",
                        "config/README.md",
                        "docker/README.md",
                        "load-tests/README.md")
                .map(Path::of)
                .filter(Files::exists)
                .forEach(documents::add);
        documents.addAll(JavaSources.files(Path.of("src/docs"), ".md"));
        documents.addAll(JavaSources.files(Path.of("src/main/resources/samples"), ".md"));
        return documents;
    }

    private static List<Path> configuration() throws IOException {
        var files = new ArrayList<>(JavaSources.files(Path.of("config"), ""));
        files.addAll(JavaSources.files(Path.of("docker"), ""));
        files.removeIf(file -> file.toString().matches(".*\\.(json|md)"));
        return files;
    }

    /** Returns the comments that stand on lines of their own; adjacent lines are one comment. */
    private static List<Prose> comments(Path file, String marker) throws IOException {
        var comments = new ArrayList<Prose>();
        var lines = Files.readAllLines(file);
        var text = new StringBuilder();
        for (int i = 0; i <= lines.size(); i++) {
            var line = i < lines.size() ? lines.get(i).strip() : "";
            if (line.startsWith(marker)) {
                text.append(line.substring(marker.length())).append('\n');
            } else if (!text.isEmpty()) {
                comments.add(new Prose(file + ":" + i, text.toString()));
                text.setLength(0);
            }
        }
        return comments;
    }
}
