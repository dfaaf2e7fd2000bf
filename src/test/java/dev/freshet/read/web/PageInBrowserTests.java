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

    private static final Map<String, String> SETTINGS =
            Map.of("freshet.samples", "false", "freshet.stream.retry", "100ms");

    private static Chromium browser;

    private final List<String> complaints = new ArrayList<>();
    private String database;
    private Freshet instance;
    private Newsroom newsroom;
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
    void start() {
        database = Stores.database();
        instance = Freshet.start(database, "", SETTINGS);
        newsroom = new Newsroom(instance);
        context = browser.context();
        page = watched(context.newPage());
    }

    @AfterEach
    void stop() {
        context.close();
        instance.close();
    }

    @Test
    void pagesWorkWithoutScripts() {
        var flood = article("The flood", NOON, "river");
        newsroom.publish(flood, article("The drought", NOON.plusSeconds(60), "field"));
        try (var plain = browser.context(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var reader = plain.newPage();
            reader.navigate(instance.url());
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
        var first = article("First", NOON);
        var third = article("Third", NOON.plusSeconds(2));
        newsroom.publish(first, third);
        open("/");

        var second = article("Second", NOON.plusSeconds(1), "river");
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
        open("/?tag=river");
        newsroom.publish(article("Field", NOON, "field"), article("River", NOON, "river"));
        assertThat(titles()).hasText(new String[] {"River"});
    }

    @Test
    void textOfArticlesIsNeverMarkup() {
        open("/");
        newsroom.publish(article("<img src=x onerror=alert(1)>", NOON));
        assertThat(titles()).hasText(new String[] {"<img src=x onerror=alert(1)>"});
        page.reload();
        assertThat(titles()).hasText(new String[] {"<img src=x onerror=alert(1)>"});
        assertThat(page.locator(".item img")).hasCount(0);
    }

    @Test
    void missedArticlesAreShownAfterAReconnect() {
        var stays = article("Stays", NOON);
        var goes = article("Goes", NOON.plusSeconds(1));
        newsroom.publish(stays, goes);
        open("/");
        var port = instance.port();
        try (var other = Freshet.start(database, "", SETTINGS)) {
            instance.close();
            assertThat(status()).hasText("Reconnecting");
            var writer = new Newsroom(other);
            writer.publish(article("Missed", NOON.plusSeconds(2)), article("Missed too", NOON.plusSeconds(3)));
            writer.withdraw(goes);
            writer.update(retitled(stays, "Stays, changed"));
        }
        restart(port);
        assertThat(status()).hasText("Live");
        assertThat(titles()).hasText(new String[] {"Missed too", "Missed", "Stays, changed"});
        new Newsroom(instance).publish(article("After", NOON.plusSeconds(4)));
        assertThat(titles()).hasText(new String[] {"After", "Missed too", "Missed", "Stays, changed"});
    }

    @Test
    void pageIsReloadedIfEventsMayBeMissing() {
        newsroom.publish(article("Known", NOON));
        open("/");
        var port = instance.port();
        try (var other = Freshet.start(database, "", SETTINGS)) {
            instance.close();
            new Newsroom(other).publish(article("Restored", NOON.plusSeconds(1)));
            var feedLog = other.bean(FeedLog.class);
            feedLog.extent()
                    .flatMap(extent -> feedLog.startEpoch(extent.epoch()))
                    .block(TIMEOUT);
        }
        restart(port);
        assertThat(titles()).hasText(new String[] {"Restored", "Known"});
        new Newsroom(instance).publish(article("After", NOON.plusSeconds(2)));
        assertThat(titles()).hasText(new String[] {"After", "Restored", "Known"});
    }

    @Test
    void eachOfABurstIsShownOnceInOrder() {
        open("/");
        newsroom.publish(articles(300));
        assertThat(titles()).hasCount(300);
        assertThat(titles().allTextContents())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 300)
                        .mapToObj(i -> "Article " + (301 - i))
                        .toList());
    }

    @Test
    void pageHoldsAtMost500Articles() {
        open("/");
        newsroom.publish(articles(510));
        assertThat(titles().first()).hasText("Article 510");
        assertThat(titles()).hasCount(500);
    }

    @Test
    void textDoesNotMoveWhileItIsRead() {
        newsroom.publish(articles(20));
        open("/");
        var item = page.getByText("Article 10", new Page.GetByTextOptions().setExact(true));
        item.evaluate("element => element.scrollIntoView()");
        var before = item.boundingBox();
        newsroom.publish(article("News", NOON.plusSeconds(1000)));
        var button = page.getByText("1 new article");
        assertThat(button).isVisible();
        assertThat(item.boundingBox().y).isEqualTo(before.y);
        button.click();
        assertThat(titles().first()).hasText("News");
        assertThat(button).isHidden();
    }

    @Test
    void openArticleShowsUpdatesAndItsWithdrawal() {
        var article = article("Open", NOON);
        newsroom.publish(article);
        page.navigate(instance.url() + "/articles/" + article.id());
        newsroom.update(retitled(article, "Open, corrected"));
        assertThat(page.locator("#notice")).hasText("This article was updated. Reload it");
        newsroom.withdraw(article);
        assertThat(page.locator("#notice")).hasText("This article was withdrawn. See the newest articles");
    }

    private void restart(int port) {
        var settings = new HashMap<>(SETTINGS);
        settings.put("server.port", Integer.toString(port));
        instance = Freshet.start(database, "", settings);
    }

    private static List<Article> articles(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> article("Article " + i, NOON.plusSeconds(i)))
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

    private void open(String path) {
        page.navigate(instance.url() + path);
        assertThat(status()).hasText("Live");
    }

    private Locator status() {
        return page.locator("#status");
    }

    private Locator titles() {
        return page.locator(".item h2");
    }
}
