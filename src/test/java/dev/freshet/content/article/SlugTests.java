package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The readable part of the addresses of articles. */
class SlugTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static Api api;

    @BeforeAll
    static void start() {
        api = Api.of(Freshet.shared(Map.of()), "slug writer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Hello, World!|hello-world",
                "हिन्दी में समाचार|हिन्दी-में-समाचार",
                "ข่าวภาษาไทยที่นี่|ข่าวภาษาไทยที่นี่",
                "مَرْحَبًا بالعالم|مَرْحَبًا-بالعالم",
                "שָׁלוֹם עולם|שָׁלוֹם-עולם",
                "Cafe\u0301 au lait|café-au-lait",
                "C++ & .NET|c-net",
                "..|article",
                ".|article",
                "!!!|article",
                "日本語、です|日本語-です"
            })
    void derivedSlug_keepsLettersAndTheirMarks(String title, String slug) {
        assertThat(api.post(json(title, null)).text("slug"))
                .isEqualTo(Normalizer.normalize(slug, Normalizer.Form.NFKC));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a/b", "a b", "", "a?b", "%2e"})
    void slugThatIsNoSegmentOfAPath_isRefused(String slug) {
        assertThat(api.post(json("T", slug)).code()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"हिन्दी", "ที่นี่", "...", "a.b", "שָׁלוֹם"})
    void slugOfLettersAndMarks_leadsToItsPage(String slug) {
        var reply = api.post(json("T", slug).replace("}", ",\"status\":\"published\"}"));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);

        var page = api.read("/articles/" + reply.text("id") + "/" + URLEncoder.encode(slug, StandardCharsets.UTF_8));
        assertThat(page.code()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {78, 79, 80})
    void longSlug_endsBetweenCharactersWithTheirMarks(int letters) {
        var slug = api.post(json("a".repeat(letters) + "कि".repeat(20), null)).text("slug");

        assertThat(slug).matches("a+(कि)*");
    }

    private static String json(String title, @Nullable String slug) {
        return JSON.writeValueAsString(slug == null ? Map.of("title", title) : Map.of("title", title, "slug", slug));
    }
}
