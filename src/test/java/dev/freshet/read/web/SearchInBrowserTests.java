package dev.freshet.read.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.json.JsonMapper;

/** Searches of readers in several languages, which stay open as streams. */
@InChromium
class SearchInBrowserTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of("freshet.stream.retry", "100ms"));

    private final String token = INSTANCE.token(Role.AUTHOR);
    private final String tag = UUID.randomUUID().toString();

    /**
     * A search in a language.
     *
     * @param found a title with the words that a reader means, in another form
     * @param other a title without them
     * @param later a title that is published while the search is open
     */
    private record Search(String language, String words, String found, String other, String later) {}

    @Test
    void searchFindsFormsOfWordsAndShowsNewArticles() {
        try (var browser = Chromium.start();
                var context = browser.context()) {
            var page = context.newPage();
            for (var search : List.of(
                    new Search("de", "Haus", "Die Häuser am See", "Die Boote am See", "Neue Häuser gebaut"),
                    new Search("ja", "天気", "東京の天気は晴れ", "東京タワーに行く", "明日の天気予報"),
                    new Search("ar", "كتاب", "الكتاب الجديد في المكتبة", "المدرسة مغلقة", "بالكتاب معلومات كثيرة"))) {
                publish(search.found(), search.language());
                publish(search.other(), search.language());
                page.navigate(INSTANCE.url() + "/?tag=" + tag + "&language=" + search.language());
                assertThat(page.locator(".item h2")).hasText(new String[] {search.other(), search.found()});

                page.getByLabel("Search").fill(search.words());
                page.getByLabel("Search").press("Enter");
                assertThat(page.locator(".item h2")).hasText(new String[] {search.found()});
                assertThat(page.url()).contains("language=" + search.language());
                assertThat(page.locator(".item mark")).not().hasCount(0);
                assertThat(page.locator("#status")).hasText("Live");

                publish(search.other(), search.language());
                publish(search.later(), search.language());
                assertThat(page.locator("#more")).hasText("1 new article");
                page.locator("#more").click();
                assertThat(page.locator(".item h2")).hasCount(2);
                assertThat(page.getByText(search.later(), new Page.GetByTextOptions().setExact(true)))
                        .isVisible();
            }
        }
    }

    private void publish(String title, String language) {
        var article =
                Map.of("title", title, "body", "", "language", language, "tags", List.of(tag), "status", "published");
        var reply = Freshet.get(INSTANCE.send(
                HttpMethod.POST,
                "/api/v1/articles",
                JsonMapper.shared().writeValueAsString(article),
                "Authorization",
                "Bearer " + token));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
    }
}
