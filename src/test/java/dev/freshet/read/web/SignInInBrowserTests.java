package dev.freshet.read.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.freshet.identity.oidc.TestProvider;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@InChromium
class SignInInBrowserTests {

    private static final String PASSWORD = "correct horse battery";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static TestProvider provider;
    private static Freshet first;
    private static Freshet second;
    private static Chromium browser;

    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() {
        provider = TestProvider.up();
        var settings = new HashMap<String, String>();
        settings.put("freshet.samples", "true");
        settings.put("freshet.auth.sign-up", "true");
        settings.put("freshet.oidc.providers.staff.issuer-uri", provider.issuer("staff"));
        settings.put("freshet.oidc.providers.staff.client-id", "freshet");
        settings.put("freshet.oidc.providers.staff.client-secret", "secret");
        settings.put("freshet.oidc.providers.staff.label", "The Gauge");
        settings.put("freshet.oidc.providers.away.issuer-uri", "http://localhost:1/away");
        settings.put("freshet.oidc.providers.away.client-id", "freshet");
        var database = Stores.database();
        first = Freshet.start(database, "", settings);
        second = Freshet.start(database, "", settings);
        browser = Chromium.start();
    }

    @AfterAll
    static void stop() {
        browser.close();
        second.close();
        first.close();
        provider.close();
    }

    @BeforeEach
    void openPage() {
        context = browser.context();
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    @AfterEach
    void closePage() {
        context.close();
    }

    @Test
    void signedInNameIsShownUntilSignOut() {
        var name = signUp(page);
        assertThat(account(page)).containsText(name);
        page.locator(".item h2 a").first().click();
        assertThat(account(page)).containsText(name);
        // A cookie is for a host, whatever its port.
        page.navigate(second.url());
        assertThat(account(page)).containsText(name);
        button(page, "Sign out").click();
        assertThat(account(page)).hasText("Sign in");
        page.goBack();
        assertThat(account(page)).hasText("Sign in");

        page.navigate(first.url() + "/?tag=demo");
        account(page).getByText("Sign in").click();
        page.locator("#name").fill(name);
        page.locator("#password").fill("something else");
        button(page, "Sign in").click();
        assertThat(page.getByRole(AriaRole.ALERT)).hasText("The name or the password is wrong.");
        page.locator("#password").fill(PASSWORD);
        button(page, "Sign in").click();
        assertThat(page).hasURL(first.url() + "/?tag=demo");
        assertThat(account(page)).containsText(name);
        // Chromium's own words for the status 401 of the page above.
        complaints.removeIf(complaint -> complaint.contains("status of 401"));
        assertThat(complaints).isEmpty();
    }

    @Test
    void signingInNeedsNoScript() {
        try (var plain = browser.context(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var reader = plain.newPage();
            var name = signUp(reader);
            reader.navigate(first.url() + "/sign-in");
            assertThat(reader).hasURL(first.url() + "/account");
            assertThat(reader.locator("h1")).hasText(name);
            button(reader, "Sign out").click();
            reader.navigate(first.url() + "/account");
            assertThat(reader).hasURL(first.url() + "/sign-in?next=%2Faccount");
        }
    }

    @Test
    void accountHasTheNameFromTheProvider() {
        page.navigate(first.url() + "/sign-in?next=%2F%3Ffollowing%3Dtrue");
        page.getByText("Sign in with The Gauge").click();
        page.locator("input[name=username]").fill("ann");
        page.locator("textarea[name=claims]").fill("{\"preferred_username\": \"ann\"}");
        page.locator("input[name=username]").press("Enter");
        assertThat(page).hasURL(first.url() + "/?following=true");
        assertThat(account(page)).containsText("ann");
        assertThat(page.locator("h1")).hasText("Articles that you follow");
        assertThat(page.locator("#status")).hasText("Live");
        assertThat(context.cookies(first.url()).stream().map(cookie -> cookie.name))
                .containsExactlyInAnyOrder("freshet", "freshet-signed-in");
        assertThat(page.evaluate("document.cookie")).isEqualTo("freshet-signed-in=1");
    }

    @Test
    void providerCallbackIsAcceptedOnceByAnyInstance() {
        var back = new ArrayList<String>();
        page.route(url -> url.startsWith(provider.issuer("staff")), route -> {
            if (!route.request().method().equals("POST")) {
                route.resume();
                return;
            }
            var answer = route.fetch(new Route.FetchOptions().setMaxRedirects(0));
            back.add(Objects.requireNonNull(answer.headers().get("location")).replace(first.url(), second.url()));
            route.fulfill(new Route.FulfillOptions().setStatus(302).setHeaders(Map.of("location", back.getLast())));
        });
        page.navigate(first.url() + "/sign-in");
        page.getByText("Sign in with The Gauge").click();
        page.locator("input[name=username]").fill("bo");
        page.locator("textarea[name=claims]").fill("{\"preferred_username\": \"bo\"}");
        page.locator("input[name=username]").press("Enter");
        assertThat(account(page)).containsText("bo");
        page.navigate(back.getFirst());
        // A signed-in user is redirected there from the sign-in page.
        assertThat(page).hasURL(second.url() + "/account");
        // The browser of another user, who did not start this sign-in.
        try (var other = browser.context()) {
            var victim = other.newPage();
            victim.navigate(back.getFirst());
            assertThat(victim.getByRole(AriaRole.ALERT)).containsText("did not complete");
            assertThat(other.cookies().stream().map(cookie -> cookie.name)).doesNotContain("freshet");
        }
    }

    @Test
    void unavailableProviderIsReportedOnThePage() {
        page.navigate(first.url() + "/sign-in");
        page.getByText("Sign in with away").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("did not complete");
        assertThat(page.locator("#password")).isVisible();
    }

    @Test
    void otherOriginCannotActWithASession() {
        var name = signUp(page);
        // Another port is the same site, so that the browser sends the cookie along.
        var evil = "http://127.0.0.1:18999/";
        context.route(
                evil,
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/html")
                        .setBody("<form method=post action='" + first.url()
                                + "/sign-out'><button>Win</button></form>")));
        page.navigate(evil);
        var answer = page.waitForResponse(
                first.url() + "/sign-out", () -> page.getByText("Win").click());
        assertThat(answer.request().headerValue("cookie")).contains("freshet=");
        assertThat(answer.status()).isEqualTo(403);
        page.navigate(first.url());
        assertThat(account(page)).containsText(name);
        page.navigate(evil);
        page.evaluate(
                "url => fetch(url, {method: 'DELETE', mode: 'cors', credentials: 'include'}).catch(() => {})",
                first.url() + "/api/v1/session");
        page.navigate(first.url());
        page.reload();
        assertThat(account(page)).containsText(name);
    }

    private static String signUp(Page page) {
        var name = "reader " + NAMES.incrementAndGet();
        page.navigate(first.url() + "/sign-in");
        page.getByText("Create one").click();
        page.locator("#name").fill(name);
        page.locator("#password").fill(PASSWORD);
        button(page, "Create account").click();
        assertThat(page).hasURL(first.url() + "/");
        return name;
    }

    private static Locator account(Page page) {
        return page.locator("#account");
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }
}
