package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.UserTexts.UserText;
import dev.freshet.platform.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The texts that users and operators read. Prints them all to {@code target/user-texts.txt}, to be read as one list. */
class UserTextTests {

    private static final Path LIST = Path.of("target", "user-texts.txt");
    private static final int MAX_WORDS = 30;

    private static List<UserText> texts = List.of();

    @BeforeAll
    static void print() throws IOException {
        texts = new ArrayList<>();
        for (var problem : Problem.values()) {
            texts.add(new UserText("title", problem.wireName(), problem.title()));
            texts.add(new UserText("hint", problem.wireName(), problem.hint()));
        }
        var sources = JavaSources.parse(JavaSources.MAIN);
        for (var unit : sources.units()) {
            texts.addAll(UserTexts.read(sources, unit));
        }
        texts.sort(Comparator.comparing(UserText::kind));
        Files.createDirectories(LIST.getParent());
        Files.write(
                LIST,
                texts.stream()
                        .map(text -> text.kind() + "  " + text.text().strip().replaceAll("\\s+", " ") + "  ("
                                + text.place() + ")")
                        .toList());
    }

    @Test
    void titlesAreShortPhrases() {
        assertThat(Problem.values())
                .allSatisfy(problem -> assertThat(problem.title()).matches("[A-Z][^.!?]{4,50}"));
    }

    @Test
    void hintsAreSentences() {
        assertThat(Problem.values())
                .allSatisfy(problem -> assertThat(problem.hint()).matches("(?s)[A-Z].*\\."));
    }

    @Test
    void sentencesOpenWithVerbOrNoun() {
        assertThat(texts).hasSizeGreaterThan(100);
        assertThat(prose().stream().flatMap(Prose::riddles)).isEmpty();
    }

    @Test
    void sentencesAreShort() {
        assertThat(prose().stream().flatMap(prose -> prose.longerThan(MAX_WORDS)))
                .isEmpty();
    }

    private static List<Prose> prose() {
        return texts.stream().map(text -> new Prose(text.place(), text.text())).toList();
    }
}
