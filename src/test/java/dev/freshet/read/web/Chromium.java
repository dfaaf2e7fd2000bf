package dev.freshet.read.web;

import static dev.freshet.testing.Freshet.TIMEOUT;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.util.List;
import java.util.Map;

/** The installed browser, without its own network requests. Used by the thread that started it. */
public final class Chromium implements AutoCloseable {

    private static final double TIMEOUT_MILLIS = TIMEOUT.toSeconds() * 1000.0;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts it. */
    public static Chromium start() {
        PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MILLIS);
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setTimeout(TIMEOUT_MILLIS)
                        .setExecutablePath(InChromium.Condition.executable().orElseThrow())
                        .setArgs(List.of(
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    /** Opens a context without cookies. */
    public BrowserContext context() {
        return context(new Browser.NewContextOptions());
    }

    /** Opens a context without cookies. */
    BrowserContext context(Browser.NewContextOptions options) {
        var context = browser.newContext(options);
        context.setDefaultTimeout(TIMEOUT_MILLIS);
        return context;
    }

    /**
     * Waits until an expression or a function is true in the page. {@code Page#waitForFunction} evaluates text in the
     * page later on, which the policy of our pages forbids.
     */
    public static void await(Page page, String expression, Object argument) {
        page.waitForCondition(() -> Boolean.TRUE.equals(page.evaluate(expression, argument)));
    }

    @Override
    public void close() {
        playwright.close();
    }
}
