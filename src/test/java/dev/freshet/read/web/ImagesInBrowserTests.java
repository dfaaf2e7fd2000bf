package dev.freshet.read.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.WaitUntilState;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Images and embedded content of an article, as a phone shows them. */
@InChromium
class ImagesInBrowserTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int WIDTH = 2000;
    private static final int HEIGHT = 1500;

    private static Chromium browser;
    private static Freshet instance;
    private static String token;

    private final List<String> requested = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() {
        browser = Chromium.start();
        instance = Freshet.shared(Map.of());
        token = instance.token(Role.AUTHOR);
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @BeforeEach
    void open() {
        context = browser.context(
                new Browser.NewContextOptions().setViewportSize(400, 800).setDeviceScaleFactor(1.75));
        page = context.newPage();
        page.addInitScript(
                "window.shifts = 0; new PerformanceObserver((list) => list.getEntries()"
                        + ".forEach(({ value }) => { window.shifts += value; })).observe({ type: 'layout-shift', buffered: true });");
        page.onResponse(this::record);
    }

    private void record(Response response) {
        requested.add(response.url().replace(instance.url(), ""));
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void textDoesNotMoveWhileImagesLoad() throws IOException {
        var article = publish("Before\n\n![one](%1$s)\n\nBetween\n\n![two](%1$s)\n\nAfter".formatted(upload()));
        var held = new ArrayList<Route>();
        page.route("**/images/**", held::add);
        page.navigate(
                instance.url() + article, new Page.NavigateOptions().setWaitUntil(WaitUntilState.DOMCONTENTLOADED));
        var first = page.locator("img[alt=one]");
        var box = first.boundingBox();
        // The preview fills the place of the image.
        assertThat(page.locator(".preview").first().boundingBox())
                .usingRecursiveComparison()
                .isEqualTo(box);
        assertThat(box.width).isBetween(300.0, 400.0);
        assertThat(box.height).isBetween(box.width * 0.74, box.width * 0.76);

        page.unroute("**/images/**");
        held.forEach(Route::resume);
        page.locator("img[alt=one]").evaluate("image => image.decode()");
        page.evaluate("document.querySelector('img[alt=two]').scrollIntoView()");
        page.locator("img[alt=two]").evaluate("image => image.decode()");

        assertThat(first.boundingBox().height).isEqualTo(box.height);
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
        assertThat(((Number) page.evaluate("window.shifts")).doubleValue()).isZero();
    }

    @Test
    void phoneLoadsASmallSizeOfTheFirstImage() throws IOException {
        var one = upload();
        var two = upload();
        var article = publish("![one](" + one + ")\n\n![two](" + two + ")");

        page.navigate(instance.url() + article);

        page.locator("img[alt=one]").evaluate("image => image.decode()");
        assertThat(requested).contains(one.replace(".jpg", "-768.jpg")).doesNotContain(one);
        assertThat(page.locator("img[alt=one]")).hasAttribute("fetchpriority", "high");
        assertThat(page.locator("img[alt=one][loading]")).hasCount(0);
        assertThat(page.locator("img[alt=two]")).hasAttribute("loading", "lazy");
        assertThat(page.locator("img[alt=two]")).hasAttribute("decoding", "async");
        assertThat(page.evaluate(
                        "[...document.querySelectorAll('.picture > img:not(.preview)')].map((image) => image.srcset)"
                                + ".every((set) => / 480w,.* 768w,.* 1152w,.* 1600w$/.test(set))"))
                .isEqualTo(true);
    }

    @Test
    void videosLoadAfterAClick() {
        var article = publish("<iframe src=\"https://www.youtube.com/embed/abc\" title=\"A film\"></iframe>");
        context.route(
                address -> !address.startsWith(instance.url()),
                route -> route.fulfill(
                        new Route.FulfillOptions().setContentType("text/html").setBody("<p>film</p>")));
        page.navigate(instance.url() + article);
        assertThat(page.locator("a.embed")).hasText("A film");
        assertThat(requested).noneMatch(address -> address.contains("youtube"));

        // The policy of the cached page is that of the last response.
        page.reload();
        page.locator("a.embed").click();

        assertThat(page.frameLocator("iframe").locator("p")).hasText("film");
        assertThat(page.locator("iframe")).hasAttribute("title", "A film");
        assertThat(requested).contains("https://www.youtube-nocookie.com/embed/abc");
    }

    @Test
    void imagesElsewhereWithDeclaredSizesHaveTheirPlace() {
        var article = publish("<img src=\"https://e.example/a.png\" alt=\"a\" width=\"200\" height=\"100\">"
                + "<img src=\"https://e.example/b-1000x500.png\" alt=\"b\">");
        context.route("https://e.example/**", route -> {
            // Never answered.
        });
        page.navigate(
                instance.url() + article, new Page.NavigateOptions().setWaitUntil(WaitUntilState.DOMCONTENTLOADED));

        assertThat(page.locator("img[alt=a]").boundingBox().height).isEqualTo(100);
        var box = page.locator("img[alt=b]").boundingBox();
        assertThat(box.width).isGreaterThan(300);
        assertThat(box.height).isBetween(box.width * 0.49, box.width * 0.51);
    }

    @Test
    void postsHaveTheHeightThatTheyReport() {
        var article = publish("<iframe src=\"https://m.example/@ann/1234567890123/embed\" title=\"Post\"></iframe>");
        context.route(
                address -> !address.startsWith(instance.url()),
                route -> route.fulfill(
                        new Route.FulfillOptions()
                                .setContentType("text/html")
                                .setBody(
                                        "<script>addEventListener('message', ({ data }) =>"
                                                + " parent.postMessage({ type: data.type, id: data.id, height: 123 }, '*'))</script>")));
        page.navigate(instance.url() + article);

        page.locator("a.embed").click();

        assertThat(page.locator("iframe.sized")).hasAttribute("height", "123");
        assertThat(page.locator("iframe").boundingBox().height).isEqualTo(123);
    }

    private static String publish(String body) {
        var article = JSON.writeValueAsString(Map.of("title", "Pictures", "body", body, "status", "published"));
        var reply = Freshet.get(
                instance.send(HttpMethod.POST, "/api/v1/articles", article, "Authorization", "Bearer " + token));
        return "/articles/" + reply.text("id") + "/pictures";
    }

    private static String upload() throws IOException {
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, Color.GREEN, WIDTH, HEIGHT, Color.RED));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.dispose();
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", bytes);
        var reply = Freshet.get(instance.client()
                .post()
                .uri("/api/v1/images")
                .headers(headers -> headers.setBearerAuth(token))
                .contentType(MediaType.IMAGE_JPEG)
                .bodyValue(bytes.toByteArray())
                .retrieve()
                .bodyToMono(String.class));
        return JSON.readTree(reply).path("url").asString();
    }
}
