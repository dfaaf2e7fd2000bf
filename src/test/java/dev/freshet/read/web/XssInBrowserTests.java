package dev.freshet.read.web;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Text of hostile authors stays text for readers. The Content-Security-Policy would block injected scripts too, so it is
 * switched off here: only the served markup counts.
 */
@InChromium
class XssInBrowserTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String WORD = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>";

    // Selectors of anything that could run or leave the page, and of markup that authors may not use.
    private static final String DANGERS = """
            ([root, strict]) => {
              const found = [];
              const pageIds = ["main", "notice", "article", "feed", "status", "more", "empty", "older", "item", "q"];
              const addresses = ["href", "src", "action", "formaction", "data", "poster", "background", "xlink:href"];
              for (const element of document.querySelectorAll(root + ", " + root + " *")) {
                for (const { name, value } of element.attributes) {
                  if (/^on/i.test(name) || ["style", "srcdoc", "srcset", "ping", "is"].includes(name)) {
                    found.push(`${element.localName} ${name}=${value}`);
                  }
                  if (addresses.includes(name)
                      && !["http:", "https:", "mailto:", "ftp:"].includes(new URL(value, "http://here/").protocol)) {
                    found.push(`${element.localName} ${name}=${value}`);
                  }
                }
                if (element.localName === "script" && !element.src) found.push("inline script");
                if (strict && ["video", "audio", "source"].includes(element.localName)
                    && ["src", "poster"].some((name) => element.hasAttribute(name)
                        && new URL(element.getAttribute(name), "https://here/").protocol !== "https:")) {
                  found.push(`${element.localName} without https`);
                }
                if (strict && !element.matches("a, abbr, address, article, aside, audio, b, bdi, bdo, blockquote, body, br,"
                    + "caption, cite, code, col, colgroup, dd, del, details, dfn, div, dl, dt, em, figcaption, figure,"
                    + "footer, h1, h2, h3, h4, h5, h6, header, hr, i, img, ins, kbd, li, li > input[type=checkbox][disabled],"
                    + "mark, nav, ol, p, pre, q, rb, rp, rt, rtc, ruby, s, samp, section, small, source, span, strike, strong,"
                    + "sub, summary, sup, table, tbody, td, tfoot, th, thead, time, tr, u, ul, var, video, wbr")) {
                  found.push(element.localName);
                }
                if (strict && element.id && !/^fn/.test(element.id)
                    && (!/^h[1-6]$/.test(element.localName) || pageIds.includes(element.id))) {
                  found.push(`id=${element.id}`);
                }
              }
              return found;
            }""";

    private static Chromium browser;
    private static BrowserContext context;
    private static Freshet freshet;
    private static String token;

    private final List<String> ran = new ArrayList<>();
    private Page page;

    @BeforeAll
    static void start() {
        browser = Chromium.start();
        context = browser.context(new Browser.NewContextOptions().setBypassCSP(true));
        freshet = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        token = freshet.token(freshet.account("mallory", Role.AUTHOR), Set.of(Scope.ARTICLES_WRITE));
    }

    @AfterAll
    static void stop() {
        browser.close();
        freshet.close();
    }

    @BeforeEach
    void open() {
        page = context.newPage();
        page.onDialog(dialog -> {
            ran.add(page.url() + " said " + dialog.message());
            dialog.dismiss();
        });
        // The page may send requests to this server only.
        page.route(address -> !address.startsWith(freshet.url()), route -> route.abort());
    }

    @Test
    void bodiesContainNothingExecutable() throws IOException {
        for (var body : bodies()) {
            assertHarmless(
                    "body",
                    body,
                    publish(Map.of("title", "T", "body", body)).path("html").asString());
        }
        assertThat(ran).isEmpty();
    }

    @Test
    void importedBodiesContainNothingExecutable() throws IOException {
        var items = new ArrayList<Map<String, Object>>();
        var bodies = bodies();
        for (int i = 0; i < bodies.size(); i++) {
            items.add(Map.of("id", "xss-" + i, "title", WORD, "content_html", bodies.get(i)));
        }
        var feed = Map.of("version", "https://jsonfeed.org/version/1.1", "title", "t", "items", items);
        assertThat(send("/api/v1/imports", "application/feed+json", feed)).contains("\"created\":" + bodies.size());

        var articles = JSON.readTree(get("/api/v1/articles?author=mallory&fields=id,html&limit=200"))
                .path("items");
        for (var article : articles) {
            var html = article.path("html").asString();
            assertHarmless("import", html, html);
        }
        assertThat(ran).isEmpty();
    }

    /** Opened as a page, and inserted by a script, which parses it in another way. */
    private void assertHarmless(String kind, String source, String html) {
        page.setContent(html);
        assertThat(dangers("body", true))
                .as("%s %s became %s", kind, source, html)
                .isEqualTo("[]");
        page.evaluate("html => { document.body.innerHTML = html; document.body.innerHTML += ''; }", html);
        assertThat(dangers("body", true))
                .as("%s %s became %s", kind, source, html)
                .isEqualTo("[]");
    }

    @Test
    void pagesShowHostileFieldsAsText() {
        var article = publish(Map.of(
                "title",
                WORD,
                "summary",
                WORD,
                "tags",
                List.of("<img src=x onerror=alert(1)>"),
                "author",
                WORD,
                "source",
                WORD,
                "body",
                "x",
                "canonicalUrl",
                "https://evil.example/%22onclick=alert(1)"));
        var id = article.path("id").asString();
        for (var address : List.of(
                "/",
                "/articles/" + id,
                "/?q=" + encoded(WORD),
                "/?tag=" + encoded(WORD),
                "/?author=" + encoded(WORD),
                "/?source=" + encoded(WORD),
                "/?before=" + encoded(WORD),
                "/articles/" + encoded(WORD),
                "/problems/" + encoded(WORD),
                "/" + encoded(WORD))) {
            page.navigate(freshet.url() + address);
            assertThat(dangers("html", false)).as(address).isEqualTo("[]");
            assertThat(page.locator("img").count()).as(address).isZero();
        }
        page.navigate(freshet.url() + "/articles/" + id);
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText(WORD);
        assertThat(ran).isEmpty();
    }

    @Test
    void hostileFieldsThatArriveLiveAreText() {
        page.navigate(freshet.url() + "/");
        PlaywrightAssertions.assertThat(page.locator("#status")).hasText("Live");
        var title = "Live " + WORD;
        publish(Map.of("title", title, "summary", WORD, "tags", List.of("<svg onload=alert(1)>"), "author", WORD));

        PlaywrightAssertions.assertThat(page.locator(".item h2").first()).hasText(title);
        assertThat(dangers("html", false)).isEqualTo("[]");
        assertThat(ran).isEmpty();
    }

    @Test
    void browserDoesNotRenderResponsesForPrograms() {
        publish(Map.of(
                "title",
                WORD,
                "summary",
                WORD,
                "author",
                WORD,
                "body",
                WORD,
                "tags",
                List.of("<svg onload=alert(1)>")));
        for (var address : List.of(
                "/api/v1/articles?fields=full",
                "/api/v1/articles?limit=" + encoded(WORD),
                "/api/v1/articles?q=" + encoded(WORD),
                "/api/v1/articles?format=atom&fields=full",
                "/api/v1/articles?format=json-feed&fields=full",
                "/api/v1/feeds?format=opml",
                "/api/v1/" + encoded(WORD))) {
            try {
                page.navigate(freshet.url() + address);
            } catch (com.microsoft.playwright.PlaywrightException download) {
                assertThat(download).as(address).message().containsAnyOf("Download is starting", "ERR_ABORTED");
                continue;
            }
            assertThat(page.evaluate("document.querySelectorAll('img, script, [onload]').length"))
                    .as(address)
                    .isEqualTo(0);
        }
        assertThat(ran).isEmpty();
    }

    private String dangers(String root, boolean strict) {
        return String.valueOf(page.evaluate(DANGERS, List.of(root, strict)));
    }

    private static List<String> bodies() throws IOException {
        try (var in = Objects.requireNonNull(XssInBrowserTests.class.getResourceAsStream("/xss/bodies.txt"))) {
            return Stream.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1))
                    .filter(line -> !line.isBlank())
                    .toList();
        }
    }

    private static JsonNode publish(Map<String, Object> fields) {
        var article = new java.util.HashMap<>(fields);
        article.put("status", "published");
        return JSON.readTree(send("/api/v1/articles", "application/json", article));
    }

    private static String send(String path, String type, Map<String, ?> body) {
        return Objects.requireNonNull(freshet.client()
                .post()
                .uri(path)
                .headers(headers -> headers.setBearerAuth(token))
                .contentType(MediaType.valueOf(type))
                .bodyValue(JSON.writeValueAsBytes(body))
                .retrieve()
                .bodyToMono(String.class)
                .block(TIMEOUT));
    }

    private static String get(String path) {
        return Objects.requireNonNull(freshet.client()
                .get()
                .uri(path)
                .retrieve()
                .bodyToMono(String.class)
                .block(TIMEOUT));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
