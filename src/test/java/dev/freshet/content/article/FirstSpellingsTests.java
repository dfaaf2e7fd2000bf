package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.r2dbc.core.DatabaseClient;

class FirstSpellingsTests {

    private final FirstSpellings spellings = new FirstSpellings(Mockito.mock(DatabaseClient.class));

    @Test
    void nameOfAWrittenArticleIsCached() {
        spellings.add(content("Ann", "Source"), true);
        var spelled = spellings.applyCached(content("ANN", "source"));
        assertThat(spelled.isCertain()).isTrue();
        assertThat(spelled.content().author()).isEqualTo("Ann");
        assertThat(spelled.content().source()).isEqualTo("Source");
    }

    @Test
    void tagIsCachedOnceItWasCheckedAfterItsAddition() {
        spellings.add(content("Ann", "Source", "Birds"), true);
        assertThat(spellings.applyCached(content("Ann", "Source", "Birds")).isCertain())
                .isFalse();
        spellings.add(content("Ann", "Source", "Birds"), true);
        var spelled = spellings.applyCached(content("Ann", "Source", "BIRDS"));
        assertThat(spelled.isCertain()).isTrue();
        assertThat(spelled.content().tags()).containsExactly("Birds");
    }

    @Test
    void tagOfADraftIsNotCached() {
        for (var i = 0; i < 3; i++) {
            spellings.add(content("Ann", "Source", "Birds"), false);
        }
        assertThat(spellings.applyCached(content("Ann", "Source", "Birds")).isCertain())
                .isFalse();
    }

    private static ArticleContent content(String author, String source, String... tags) {
        return new ArticleContent(
                "t", "T", "", "", "", List.of(tags), author, source, null, "en", List.of(), null, null);
    }
}
