package dev.freshet.read.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.freshet.read.web.Newsroom.NOON;
import static dev.freshet.read.web.Newsroom.article;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More windows than a browser has connections to one server over HTTP/1.1. */
@InChromium
class ManyWindowsInBrowserTests {

    private static final int WINDOWS = 10;
    private static final Freshet INSTANCE = Freshet.shared(Map.of("freshet.stream.retry", "100ms"));

    private final Newsroom newsroom = new Newsroom(INSTANCE);

    @Test
    void tenWindowsReceiveEachArticleOnce() {
        try (var browser = Chromium.start();
                var context = browser.context()) {
            var tag = UUID.randomUUID().toString();
            newsroom.publish(article("First", NOON, tag));
            // The page is cached with a cursor before the tail.
            INSTANCE.get("/?tag=" + tag);
            newsroom.publish(article("Elsewhere", NOON));
            var windows =
                    Stream.generate(() -> open(context, tag)).limit(WINDOWS).toList();
            assertTitles(windows, "First");
            windows.forEach(window -> assertThat(window.locator("#status")).hasText("Live"));
            newsroom.publish(article("Second", NOON.plusSeconds(60), tag));
            assertTitles(windows, "Second", "First");
            // The next window leads.
            windows.getFirst().close();
            var others = windows.subList(1, WINDOWS);
            newsroom.publish(article("Third", NOON.plusSeconds(120), tag));
            assertTitles(others, "Third", "Second", "First");
            assertThat(openStreams(List.of(tag))).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void tenWindowsOfTenFeedsReceiveTheirArticles() {
        try (var browser = Chromium.start();
                var context = browser.context()) {
            var tags = Stream.generate(() -> UUID.randomUUID().toString())
                    .limit(WINDOWS)
                    .toList();
            tags.forEach(tag -> newsroom.publish(article("First", NOON, tag)));
            var windows = tags.stream().map(tag -> open(context, tag)).toList();
            windows.forEach(window -> assertThat(window.locator("#status")).hasText("Live"));
            assertThat(openStreams(tags)).isEqualTo(4);
            tags.forEach(tag -> newsroom.publish(article("Second", NOON.plusSeconds(60), tag)));
            assertTitles(windows, "Second", "First");
            // Others hold streams from now on.
            windows.subList(0, 4).forEach(Page::close);
            var others = windows.subList(4, WINDOWS);
            Freshet.until(() -> openStreams(tags.subList(4, WINDOWS)) == 4);
            tags.forEach(tag -> newsroom.publish(article("Third", NOON.plusSeconds(120), tag)));
            assertTitles(others, "Third", "Second", "First");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete Navigator.prototype.locks", "delete window.BroadcastChannel"})
    void windowsHoldTheirOwnStreams_whenBrowserCannotShareThem(String without) {
        try (var browser = Chromium.start();
                var context = browser.context()) {
            context.addInitScript(without);
            var tag = UUID.randomUUID().toString();
            newsroom.publish(article("First", NOON, tag));
            var windows = List.of(open(context, tag), open(context, tag));
            windows.forEach(window -> assertThat(window.locator("#status")).hasText("Live"));
            assertThat(openStreams(List.of(tag))).isEqualTo(2);
            newsroom.publish(article("Second", NOON.plusSeconds(60), tag));
            assertTitles(windows, "Second", "First");
        }
    }

    private static Page open(BrowserContext context, String tag) {
        var page = context.newPage();
        page.navigate(INSTANCE.url() + "/?tag=" + tag);
        return page;
    }

    private static void assertTitles(List<Page> windows, String... titles) {
        windows.forEach(window -> assertThat(window.locator(".item h2")).hasText(titles));
    }

    private static long openStreams(List<String> tags) {
        var token = INSTANCE.token(Role.ADMIN);
        return INSTANCE.get("/api/v1/streams?limit=1000", "Authorization", "Bearer " + token)
                .json()
                .path("items")
                .valueStream()
                .filter(stream ->
                        tags.contains(stream.path("feed").path("tags").path(0).asString("")))
                .count();
    }
}
