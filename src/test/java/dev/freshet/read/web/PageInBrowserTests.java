package dev.freshet.read.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.freshet.read.web.Newsroom.NOON;
import static dev.freshet.read.web.Newsroom.article;
import static dev.freshet.read.web.Newsroom.retitled;
import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.freshet.content.article.Article;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Order(1)
@InChromium
class PageInBrowserTests {

    private static final Map<String, String> SETTINGS = Map.of("freshet.stream.retry", "100ms");

    private static Chromium browser;

    private final List<String> complaints = new ArrayList<>();
    private final String tag = UUID.randomUUID().toString();
    private Freshet instance = Freshet.shared(SETTINGS);
    private Newsroom newsroom = new Newsroom(instance);
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void openBrowser() {
        browser = Chromium.start();
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
    }

    @BeforeEach
    void openPage() {
        context = browser.context();
        page = watched(context.newPage());
    }

    @AfterEach
    void closePage() {
        context.close();
    }

    @Test
    void pagesWorkWithoutScripts() {
        var flood = article("The flood", NOON, tag);
        newsroom.publish(flood, article("The drought", NOON.plusSeconds(60), tag));
        try (var plain = browser.context(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var reader = plain.newPage();
            reader.navigate(instance.url() + "/?tag=" + tag);
            assertThat(reader.locator(".item h2")).hasText(new String[] {"The drought", "The flood"});
            reader.getByLabel("Search").fill("flood");
            reader.getByText("Search", new Page.GetByTextOptions().setExact(true))
                    .last()
                    .click();
            assertThat(reader.locator(".item h2")).hasText(new String[] {"The flood"});
            reader.getByText("The flood", new Page.GetByTextOptions().setExact(true))
                    .click();
            assertThat(reader.locator("h1")).hasText("The flood");
            assertThat(reader.locator(".body")).hasText("The text of The flood");
            assertThat(reader).hasURL(instance.url() + "/articles/" + flood.id() + "/the-flood");
        }
    }

    @Test
    void changesOfArticlesAreShownLive() {
        var first = article("First", NOON, tag);
        var third = article("Third", NOON.plusSeconds(2), tag);
        newsroom.publish(first, third);
        open();

        var second = article("Second", NOON.plusSeconds(1), tag);
        newsroom.publish(second);
        assertThat(titles()).hasText(new String[] {"Third", "Second", "First"});
        assertThat(page.locator(".item.arrived h2")).hasText("Second");

        newsroom.update(retitled(first, "First again"));
        assertThat(titles()).hasText(new String[] {"Third", "Second", "First again"});

        newsroom.withdraw(third);
        assertThat(titles()).hasText(new String[] {"Second", "First again"});
        assertThat(complaints).isEmpty();
    }

    @Test
    void onlyArticlesOfTheFeedAppear() {
        open();
        newsroom.publish(article("Field", NOON, "field"), article("River", NOON, tag));
        assertThat(titles()).hasText(new String[] {"River"});
    }

    @Test
    void textOfArticlesIsNeverMarkup() {
        open();
        newsroom.publish(article("<img src=x onerror=alert(1)>", NOON, tag));
        assertThat(titles()).hasText(new String[] {"<img src=x onerror=alert(1)>"});
        page.reload();
        assertThat(titles()).hasText(new String[] {"<img src=x onerror=alert(1)>"});
        assertThat(page.locator(".item img")).hasCount(0);
    }

    @Test
    void missedArticlesAreShownAfterAReconnect() {
        var database = Stores.database();
        start(database, 0);
        var stays = article("Stays", NOON, tag);
        var goes = article("Goes", NOON.plusSeconds(1), tag);
        newsroom.publish(stays, goes);
        open();
        var port = instance.port();
        try (var other = startOther(database)) {
            instance.close();
            assertThat(status()).hasText("Reconnecting");
            var writer = new Newsroom(other);
            writer.publish(
                    article("Missed", NOON.plusSeconds(2), tag), article("Missed too", NOON.plusSeconds(3), tag));
            writer.withdraw(goes);
            writer.update(retitled(stays, "Stays, changed"));
        }
        start(database, port);
        try (var restarted = instance) {
            assertThat(status()).hasText("Live");
            assertThat(titles()).hasText(new String[] {"Missed too", "Missed", "Stays, changed"});
            new Newsroom(restarted).publish(article("After", NOON.plusSeconds(4), tag));
            assertThat(titles()).hasText(new String[] {"After", "Missed too", "Missed", "Stays, changed"});
        }
    }

    @Test
    void pageIsReloadedIfEventsMayBeMissing() {
        var database = Stores.database();
        start(database, 0);
        newsroom.publish(article("Known", NOON, tag));
        open();
        var port = instance.port();
        try (var other = startOther(database)) {
            instance.close();
            new Newsroom(other).publish(article("Restored", NOON.plusSeconds(1), tag));
            var feedLog = other.bean(FeedLog.class);
            feedLog.extent()
                    .flatMap(extent -> feedLog.startEpoch(extent.epoch()))
                    .block(TIMEOUT);
        }
        start(database, port);
        try (var restarted = instance) {
            assertThat(titles()).hasText(new String[] {"Restored", "Known"});
            new Newsroom(restarted).publish(article("After", NOON.plusSeconds(2), tag));
            assertThat(titles()).hasText(new String[] {"After", "Restored", "Known"});
        }
    }

    @Test
    void eachOfABurstIsShownOnceInOrder() {
        open();
        newsroom.publish(articles(300));
        assertThat(titles()).hasCount(300);
        assertThat(titles().allTextContents())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 300)
                        .mapToObj(i -> "Article " + (301 - i))
                        .toList());
    }

    @Test
    void pageHoldsAtMost500Articles() {
        open();
        newsroom.publish(articles(510));
        assertThat(titles().first()).hasText("Article 510");
        assertThat(titles()).hasCount(500);
    }

    @Test
    void textDoesNotMoveWhileItIsRead() {
        newsroom.publish(articles(20));
        open();
        var item = page.getByText("Article 10", new Page.GetByTextOptions().setExact(true));
        item.evaluate("element => element.scrollIntoView()");
        var before = item.boundingBox();
        newsroom.publish(article("News", NOON.plusSeconds(1000), tag));
        var button = page.getByText("1 new article");
        assertThat(button).isVisible();
        assertThat(item.boundingBox().y).isEqualTo(before.y);
        button.click();
        assertThat(titles().first()).hasText("News");
        assertThat(button).isHidden();
    }

    @Test
    void openArticleShowsUpdatesAndItsWithdrawal() {
        var article = article("Open", NOON, tag);
        newsroom.publish(article);
        page.navigate(instance.url() + "/articles/" + article.id());
        newsroom.update(retitled(article, "Open, corrected"));
        assertThat(page.locator("#notice")).hasText("This article was updated. Reload it");
        newsroom.withdraw(article);
        assertThat(page.locator("#notice")).hasText("This article was withdrawn. See the newest articles");
    }

    /** Starts an instance of this test alone, which it stops. */
    private void start(String database, int port) {
        instance = Freshet.start(database, "", settings(port));
        newsroom = new Newsroom(instance);
    }

    private static Freshet startOther(String database) {
        return Freshet.start(database, "", settings(0));
    }

    private static Map<String, String> settings(int port) {
        var settings = new HashMap<>(SETTINGS);
        settings.put("freshet.samples", "false");
        settings.put("server.port", Integer.toString(port));
        return settings;
    }

    private List<Article> articles(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> article("Article " + i, NOON.plusSeconds(i), tag))
                .toList();
    }

    private Page watched(Page page) {
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        return page;
    }

    private void open() {
        page.navigate(instance.url() + "/?tag=" + tag);
        assertThat(status()).hasText("Live");
    }

    private Locator status() {
        return page.locator("#status");
    }

    private Locator titles() {
        return page.locator(".item h2");
    }
}
