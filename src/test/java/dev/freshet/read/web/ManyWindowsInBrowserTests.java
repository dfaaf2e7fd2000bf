package dev.freshet.read.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.freshet.read.web.Newsroom.NOON;
import static dev.freshet.read.web.Newsroom.article;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** More windows than a browser has connections to one server over HTTP/1.1. */
@InChromium
class ManyWindowsInBrowserTests {

    private static final int WINDOWS = 10;

    @Test
    void tenWindowsReceiveEachArticleOnce() {
        try (var instance = Freshet.start(Map.of("freshet.stream.retry", "100ms"));
                var browser = Chromium.start();
                var context = browser.context()) {
            var newsroom = new Newsroom(instance);
            newsroom.publish(article("First", NOON));
            var windows = Stream.generate(context::newPage).limit(WINDOWS).toList();
            windows.forEach(window -> window.navigate(instance.url()));
            assertTitles(windows, "First");
            windows.forEach(window -> assertThat(window.locator("#status")).hasText("Live"));
            newsroom.publish(article("Second", NOON.plusSeconds(60)));
            assertTitles(windows, "Second", "First");
            // The next window leads.
            windows.getFirst().close();
            var others = windows.subList(1, WINDOWS);
            newsroom.publish(article("Third", NOON.plusSeconds(120)));
            assertTitles(others, "Third", "Second", "First");
            assertThat(openStreams(instance)).isLessThanOrEqualTo(2);
        }
    }

    private static void assertTitles(List<Page> windows, String... titles) {
        windows.forEach(window -> assertThat(window.locator(".item h2")).hasText(titles));
    }

    private static int openStreams(Freshet instance) {
        var token = instance.token(Role.ADMIN);
        return instance.get("/api/v1/streams", "Authorization", "Bearer " + token)
                .json()
                .path("count")
                .asInt();
    }
}
