package dev.freshet.read.web;

import static dev.freshet.testing.Freshet.TIMEOUT;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The installed browser, without its own network requests. Used by the thread that started it, whose test classes share
 * one process, which runs until the JVM ends.
 */
public final class Chromium implements AutoCloseable {

    private static final double TIMEOUT_MILLIS = TIMEOUT.toSeconds() * 1000.0;
    private static final ThreadLocal<Browser> BROWSER = ThreadLocal.withInitial(Chromium::launch);

    private final Browser browser = BROWSER.get();
    private final List<BrowserContext> contexts = new ArrayList<>();

    private Chromium() {}

    /** Starts it if this thread has not done so before. */
    public static Chromium start() {
        PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MILLIS);
        return new Chromium();
    }

    private static Browser launch() {
        return Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))
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
    }

    /** Opens a context without cookies. */
    public BrowserContext context() {
        return context(new Browser.NewContextOptions());
    }

    /** Opens a context without cookies. */
    BrowserContext context(Browser.NewContextOptions options) {
        var context = browser.newContext(options);
        context.setDefaultTimeout(TIMEOUT_MILLIS);
        contexts.add(context);
        return context;
    }

    /**
     * Waits until an expression or a function is true in the page. {@code Page#waitForFunction} evaluates text in the
     * page later on, which the policy of our pages forbids.
     */
    public static void await(Page page, String expression, Object argument) {
        page.waitForCondition(() -> Boolean.TRUE.equals(page.evaluate(expression, argument)));
    }

    /** Closes its contexts. */
    @Override
    public void close() {
        contexts.forEach(BrowserContext::close);
    }
}
