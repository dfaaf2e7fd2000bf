package dev.freshet.identity.security;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.CapturesOutput;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.w3c.dom.Document;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Text from users is data in each format and never becomes part of the format's syntax. */
@CapturesOutput
class InjectionTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String MARKUP =
            "</script><script>alert(1)</script><!-- ]]> --> &lt;b&gt; \"'><img src=x onerror=alert(1)>";
    private static final String LINES =
            "a\r\nid: 9\r\nevent: evil\ndata: evil\n\ndata: evil\r\rretry: 1\u2028data: 2\u2029data: 3\u0085data: 4";

    private static Freshet freshet;
    private static String token;
    private static JsonNode article;

    @BeforeAll
    static void start() {
        freshet = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        token = freshet.token(freshet.account("mallory", Role.AUTHOR), Set.of(Scope.ARTICLES_WRITE));
        article = publish(Map.of(
                "title", LINES + MARKUP,
                "summary", LINES + MARKUP,
                "body", LINES + MARKUP,
                "tags", List.of("tag\r\ndata: x\n\n</tag>", MARKUP.substring(0, 60)),
                "author", LINES + MARKUP,
                "source", LINES + MARKUP,
                "language", "en"));
    }

    @AfterAll
    static void stop() {
        freshet.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&fields=full", "&fields=keys"})
    void fieldsCannotInjectEvents(String fields) {
        var stream = get("/api/v1/articles?since=earliest&follow=false" + fields, "text/event-stream");

        var lines = body(stream).split("\r\n|\r|\n", -1);
        assertThat(lines).allMatch(line -> line.isEmpty() || line.matches("(?s)(id|event|data|retry)?:.*"));
        assertThat(lines).filteredOn(line -> line.startsWith("event:")).containsOnly("event:article.published");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("id:"))
                .allMatch(line -> line.matches("id:[0-9a-f]+-\\d+"));
        var events =
                List.of(lines).stream().filter(line -> line.startsWith("data:")).toList();
        assertThat(events).hasSize(count());
        var sent = JSON.readTree(events.getFirst().substring(5)).path("article");
        if (!fields.endsWith("keys")) {
            assertThat(sent.path("author")).isEqualTo(article.path("author"));
            assertThat(sent.path("summary").asString()).isEqualTo((LINES + MARKUP));
        }
        assertNotHtml(stream, "text/event-stream");
    }

    @Test
    void fullArticleIsOneLineOfNdjson() {
        var stream = get("/api/v1/articles?since=earliest&follow=false&fields=full", "application/x-ndjson");

        var lines = body(stream).lines().filter(line -> !line.isEmpty()).toList();
        assertThat(body(stream)).doesNotContain("\r");
        assertThat(lines).hasSize(count());
        assertThat(JSON.readTree(lines.getFirst()).path("article").path("source"))
                .isEqualTo(article.path("source"));
        assertNotHtml(stream, "application/x-ndjson");
    }

    @Test
    void jsonMatchesExpectedText() {
        for (var path : List.of("/api/v1/articles?fields=full", "/api/v1/articles?format=json-feed&fields=full")) {
            var page = get(path, "*/*");
            var item = JSON.readTree(body(page)).path("items").values().stream()
                    .toList()
                    .getLast();
            assertThat(item.path("title")).isEqualTo(article.path("title"));
            assertThat(item.path("summary").asString()).isEqualTo(LINES + MARKUP);
            assertNotHtml(page, path.contains("json-feed") ? "application/feed+json" : "application/json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"atom", "rss"})
    void xmlMatchesExpectedText(String format) throws Exception {
        var page = get("/api/v1/articles?fields=full&format=" + format, "*/*");

        var feed = xml(body(page));
        var entries = feed.getElementsByTagName(format.equals("atom") ? "entry" : "item");
        assertThat(entries.getLength()).isEqualTo(count());
        var names = new HashSet<String>();
        var all = feed.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            names.add(all.item(i).getNodeName());
        }
        assertThat(names).doesNotContain("script", "img", "b", "tag");
        var titles = feed.getElementsByTagName("title");
        var title = titles.item(titles.getLength() - 1).getTextContent();
        // Readers of RSS expect HTML in a title, so that its text is escaped twice.
        assertThat(format.equals("rss") ? Parser.unescapeEntities(title, true) : title)
                .isEqualTo(article.path("title").asString());
        assertNotHtml(page, format.equals("atom") ? "application/atom+xml" : "application/rss+xml");
    }

    @Test
    void directoryOfFeedsMatchesExpectedText() throws Exception {
        var page = get("/api/v1/feeds?format=opml", "*/*");

        var outlines = xml(body(page)).getElementsByTagName("outline");
        var texts = new HashSet<String>();
        for (int i = 0; i < outlines.getLength(); i++) {
            texts.add(outlines.item(i).getAttributes().getNamedItem("text").getNodeValue());
        }
        assertThat(texts).anyMatch(text -> text.contains(MARKUP));
        assertThat(page.getHeaders().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?q=MARKUP",
                "/?tag=MARKUP",
                "/?author=MARKUP",
                "/?source=MARKUP",
                "/?before=MARKUP",
                "/?limit=MARKUP",
                "/articles/MARKUP",
                "/articles/MARKUP/MARKUP",
                "/assets/MARKUP/MARKUP",
                "/problems/MARKUP",
                "/MARKUP",
                "/api/v1/articles?q=MARKUP",
                "/api/v1/articles?tag=MARKUP",
                "/api/v1/articles?limit=MARKUP",
                "/api/v1/articles?since=MARKUP&format=sse",
                "/api/v1/articles?before=MARKUP",
                "/api/v1/articles?format=MARKUP",
                "/api/v1/articles?fields=MARKUP",
                "/api/v1/articles?cursor=MARKUP",
                "/api/v1/articles?q=MARKUP&format=atom",
                "/api/v1/articles?q=MARKUP&format=rss",
                "/api/v1/articles/MARKUP",
                "/api/v1/feeds?kind=MARKUP",
                "/actuator/MARKUP"
            })
    void requestTextIsNeverMarkupInTheResponse(String path) {
        var page = Objects.requireNonNull(freshet.client()
                .get()
                .uri(builder -> {
                    var parts = path.split("\\?", 2);
                    for (var segment : parts[0].substring(1).split("/", -1)) {
                        builder.pathSegment(segment.equals("MARKUP") ? "{markup}" : segment);
                    }
                    if (parts.length > 1) {
                        builder.query(parts[1].replace("MARKUP", "{markup}"));
                    }
                    return builder.build(Map.of("markup", "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"));
                })
                .header("Accept", "text/html, */*;q=0.5")
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));

        var type = Objects.requireNonNull(page.getHeaders().getContentType()).removeQualityValue();
        assertThat(page.getHeaders().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.getStatusCode().value()).isLessThan(500);
        if (type.isCompatibleWith(MediaType.TEXT_HTML)) {
            var html = Jsoup.parse(Objects.requireNonNullElse(page.getBody(), ""));
            assertThat(html.select("img, [onerror], script:not([src])")).isEmpty();
        } else {
            assertThat(type.toString()).matches("application/.*(json|xml).*|text/event-stream.*");
        }
    }

    @Test
    void logLinesContainNeitherInjectedBreaksNorSecrets(CapturedOutput output) throws IOException {
        var levels = LoggingSystem.get(InjectionTests.class.getClassLoader());
        levels.setLogLevel("dev.freshet", LogLevel.DEBUG);
        try {
            var forged = "%0d%0a2026-01-01T00:00:00.000Z%20%20INFO%20FORGED";
            raw("GET /forged" + forged + "?q=x" + forged + "&token=frt_SECRETquery HTTP/1.1\r\nHost: x\r\n"
                    + "Authorization: Bearer frt_SECRETheader\r\nCookie: session=frt_SECRETcookie\r\n\r\n");
            raw("GET /api/v1/articles?limit=x" + forged
                    + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer frt_SECRETheader\r\nX-A: a\rFORGED\r\n\r\n");
            var json = "{\"name\":\"x\\r\\nFORGED\",\"password\":\"SECRETpassword\",\"x\\nFORGED\":1}";
            raw("POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                    + json.length() + "\r\n\r\n" + json);
            send(
                    "/api/v1/articles",
                    Map.of("title", "x\r\nFORGED", "tags", List.of("y\nFORGED"), "status", "published"));
            // Logged like an unexpected failure.
            LoggerFactory.getLogger("dev.freshet.test")
                    .error("It failed", new IllegalStateException("said: \r\nFORGED\u2028FORGED\u001b[31m"));
            LoggerFactory.getLogger("dev.freshet.test").info("The client sent {}", "x\r\nFORGED");
        } finally {
            levels.setLogLevel("dev.freshet", LogLevel.INFO);
        }

        assertThat(output.getAll()).contains("The client sent", "It failed");
        assertThat(output.getAll().split("\r\n|[\n\r\u2028\u2029\u0085]", -1))
                .noneMatch(line -> line.startsWith("FORGED") || line.matches("2026-01-01T.*FORGED.*"));
        assertThat(output.getAll()).doesNotContain("SECRET", token, "\u001b[31m");
    }

    private static void raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), freshet.port())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
    }

    private static void assertNotHtml(ResponseEntity<String> answer, String type) {
        var actual = Objects.requireNonNull(answer.getHeaders().getContentType());
        assertThat(actual.getType() + "/" + actual.getSubtype()).isEqualTo(type);
        assertThat(answer.getHeaders().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse((InputStream)
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The number of articles that these tests publish. */
    private static int count() {
        return JSON.readTree(body(get("/api/v1/articles?limit=200", "application/json")))
                .path("items")
                .size();
    }

    private static String body(ResponseEntity<String> answer) {
        return Objects.requireNonNull(answer.getBody());
    }

    private static ResponseEntity<String> get(String path, String accept) {
        return Objects.requireNonNull(freshet.client()
                .get()
                .uri(path)
                .header("Accept", accept)
                .exchangeToMono(response -> response.toEntity(byte[].class))
                .map(answer -> new ResponseEntity<>(
                        new String(Objects.requireNonNull(answer.getBody()), StandardCharsets.UTF_8),
                        answer.getHeaders(),
                        answer.getStatusCode()))
                .block(TIMEOUT));
    }

    private static JsonNode publish(Map<String, Object> fields) {
        var all = new HashMap<>(fields);
        all.put("status", "published");
        return JSON.readTree(send("/api/v1/articles", all));
    }

    private static String send(String path, Map<String, ?> body) {
        return Objects.requireNonNull(freshet.client()
                .post()
                .uri(path)
                .headers(headers -> headers.setBearerAuth(token))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JSON.writeValueAsBytes(body))
                .exchangeToMono(response -> response.bodyToMono(String.class))
                .block(TIMEOUT));
    }
}
