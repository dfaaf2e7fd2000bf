package dev.freshet.platform.problem;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.util.retry.Retry;
import tools.jackson.databind.json.JsonMapper;

/** Each problem of the catalogue as clients receive it: its fields, without internals. */
class ProblemDetailTests {

    private static final JsonMapper JSON = new JsonMapper();

    private static final Pattern INTERNALS = Pattern.compile(
            "Exception|\\tat |\\.java|\\b(dev\\.freshet|org\\.|com\\.|java\\.|io\\.|reactor\\.|tools\\.)"
                    + "|StreamRead|Jackson|Netty|Postgres|R2DBC|SQL|select |insert |relation|/home/|/root|/tmp/|target/"
                    + "|127\\.0\\.0\\.1|localhost",
            Pattern.CASE_INSENSITIVE);

    private static final String UNKNOWN_ID = UUID.randomUUID().toString();

    private static String database;
    private static Freshet instance;
    private static HttpClient client;
    private static String author;
    private static String admin;

    @BeforeAll
    static void start() {
        database = Stores.database();
        instance = Freshet.start(
                database, "", Map.of("freshet.samples", "false", "freshet.stream.max-per-principal", "1"));
        client = HttpClient.newHttpClient();
        author = instance.token(instance.account("ann", Role.AUTHOR), Scope.of(Role.AUTHOR));
        admin = instance.token(instance.account("root", Role.ADMIN), Scope.of(Role.ADMIN));
    }

    @AfterAll
    static void stop() {
        client.close();
        instance.close();
    }

    @TestFactory
    Stream<DynamicTest> problemHasItsFieldsAndNoInternals() {
        return Arrays.stream(Problem.values())
                // OffendingClientTests covers it.
                .filter(problem -> problem != Problem.TOO_SLOW)
                .map(problem ->
                        DynamicTest.dynamicTest(problem.wireName(), () -> assertProblem(problem, provoke(problem))));
    }

    private static HttpResponse<String> provoke(Problem problem) throws Exception {
        return switch (problem) {
            case INVALID_REQUEST -> post("/api/v1/articles", author, "{\"titel\": 1}");
            case INVALID_CURSOR -> get("/api/v1/articles?cursor=x", "");
            case INVALID_PAGE_KEY -> get("/api/v1/articles?before=x", "");
            case UNAUTHORIZED -> get("/api/v1/session", "eyJhbGciOiJub25lIn0.e30.");
            case FORBIDDEN -> get("/actuator/prometheus", author);
            case CROSS_SITE ->
                send("POST", "/api/v1/stream-tickets", "", "", "Cookie", "freshet=x", "Sec-Fetch-Site", "cross-site");
            case NOT_FOUND -> get("/nothing", "");
            case ARTICLE_NOT_FOUND -> get("/api/v1/articles/" + UNKNOWN_ID, "");
            case ARTICLE_WITHDRAWN -> {
                var path = article("");
                send("DELETE", path, author, "", "If-Match", "*");
                yield get(path, "");
            }
            case ARTICLE_EXISTS -> {
                article(", \"canonicalUrl\": \"https://e.example/a\"");
                yield post(
                        "/api/v1/articles",
                        author,
                        "{\"title\": \"T\", \"canonicalUrl\": \"https://e.example/a\", \"status\": \"published\"}");
            }
            case ILLEGAL_STATUS ->
                send("PUT", article(""), author, "{\"title\": \"T\", \"status\": \"draft\"}", "If-Match", "*");
            case METHOD_NOT_ALLOWED -> send("PUT", "/api/v1/articles", author, "{}");
            case NOT_ACCEPTABLE -> send("GET", "/api/v1/articles", "", "", "Accept", "image/png");
            case UNSUPPORTED_MEDIA_TYPE -> send("POST", "/api/v1/articles", author, "x", "Content-Type", "text/plain");
            case UNREADABLE_IMAGE -> upload("\u0089PNG\r\n\u001a\nnone".getBytes(StandardCharsets.ISO_8859_1));
            case UNREACHABLE_ADDRESS -> post("/api/v1/imports?url=http%3A%2F%2F10.0.0.1%2F", author, "");
            case RANGE_NOT_SATISFIABLE ->
                send("GET", header(upload(image()), "Location"), "", "", "Range", "bytes=9999-");
            case VERSION_REQUIRED -> send("PUT", article(""), author, "{\"title\": \"U\"}");
            case STALE_VERSION -> send("PUT", article(""), author, "{\"title\": \"U\"}", "If-Match", "\"99\"");
            case IDEMPOTENCY_KEY_REUSED -> {
                send("POST", "/api/v1/articles", author, "{\"title\": \"T\"}", "Idempotency-Key", "k");
                yield send("POST", "/api/v1/articles", author, "{\"title\": \"U\"}", "Idempotency-Key", "k");
            }
            case CONTENT_TOO_LARGE ->
                post("/api/v1/articles", author, "{\"title\": \"" + "t".repeat(5_000_000) + "\"}");
            case URI_TOO_LONG -> get("/?q=" + "q".repeat(5000), "");
            case HEADERS_TOO_LARGE -> send("GET", "/", "", "", "X", "x".repeat(9000));
            case TOO_SLOW ->
                throw new IllegalArgumentException("Java's client reads nothing before it has sent the whole request.");
            case TOO_MANY_STREAMS -> {
                var stream = request("GET", "/api/v1/articles", author, "", "Accept", "application/x-ndjson");
                var events = client.send(stream, BodyHandlers.ofInputStream()).body();
                try {
                    yield client.send(stream, BodyHandlers.ofString());
                } finally {
                    events.close();
                }
            }
            case TOO_MANY_REQUESTS -> {
                for (var i = 0; i < 5; i++) {
                    post("/api/v1/session", "", "{\"name\": \"nobody\", \"password\": \"x\"}");
                }
                yield post("/api/v1/session", "", "{\"name\": \"nobody\", \"password\": \"x\"}");
            }
            case ACCOUNT_NOT_FOUND -> get("/api/v1/accounts/" + UNKNOWN_ID, admin);
            case ACCOUNT_EXISTS -> post("/api/v1/accounts", admin, "{\"name\": \"ann\", \"role\": \"author\"}");
            case LAST_ADMIN -> {
                sql("update account set role = 'reader' where role = 'admin' and name <> 'root'");
                var last = JSON.readTree(get("/api/v1/session", admin).body())
                        .at("/account/id")
                        .asString();
                yield send("PATCH", "/api/v1/accounts/" + last, admin, "{\"role\": \"reader\"}");
            }
            case TOKEN_NOT_FOUND -> send("DELETE", "/api/v1/tokens/" + UNKNOWN_ID, author, "");
            case SESSION_NOT_FOUND -> send("DELETE", "/api/v1/account/sessions/" + UNKNOWN_ID, author, "");
            case STREAM_NOT_FOUND -> send("DELETE", "/api/v1/streams/" + UNKNOWN_ID, admin, "");
            case SUBSCRIPTION_NOT_FOUND -> get("/api/v1/subscriptions/" + UNKNOWN_ID, author);
            case SEARCH_NOT_FOUND -> get("/api/v1/following/search/none", author);
            case SOURCE_NOT_FOUND -> get("/api/v1/sources/" + UNKNOWN_ID, author);
            case SOURCE_EXISTS -> {
                var source = "{\"url\": \"https://feeds.invalid/\"}";
                post("/api/v1/sources", author, source);
                yield post("/api/v1/sources", author, source);
            }
            case UNAVAILABLE -> {
                Stores.allowConnections(database, false);
                try {
                    yield get("/api/v1/articles/" + UNKNOWN_ID, "");
                } finally {
                    Stores.allowConnections(database, true);
                }
            }
            case INTERNAL -> {
                sql("alter table article rename to article_gone");
                try {
                    HttpResponse<String> answer;
                    do {
                        answer = get("/api/v1/articles/" + UNKNOWN_ID, "");
                        // The pool may still replace the connections that UNAVAILABLE closed.
                    } while (answer.statusCode() == Problem.UNAVAILABLE.status().value());
                    yield answer;
                } finally {
                    sql("alter table article_gone rename to article");
                }
            }
        };
    }

    private static void assertProblem(Problem problem, HttpResponse<String> answer) {
        assertThat(answer.statusCode())
                .as(answer.body())
                .isEqualTo(problem.status().value());
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        var body = JSON.readTree(answer.body());
        assertThat(body.path("type").asString()).isEqualTo("/problems/" + problem.wireName());
        assertThat(body.path("title").asString()).isEqualTo(problem.title());
        assertThat(body.path("status").asInt()).isEqualTo(problem.status().value());
        assertThat(body.path("detail").asString()).isNotBlank();
        assertThat(body.path("hint").asString()).isEqualTo(problem.hint());
        assertThat(body.propertyNames())
                .isSubsetOf("type", "title", "status", "detail", "instance", "hint", "errors", "reference");
        assertNoInternals(answer);
    }

    private static void assertNoInternals(HttpResponse<String> answer) {
        assertThat(INTERNALS.matcher(answer.body()).results().map(MatchResult::group))
                .as(answer.body())
                .isEmpty();
        answer.headers()
                .map()
                .forEach((name, values) -> assertThat(values).as(name).noneMatch(value -> value.contains("Exception")));
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    /** The messages of the JSON parser and the database stay internal. */
    @Test
    void unreadableBodyReturnsAProblemInPlainWords() throws Exception {
        var bodies = List.of(
                "",
                "{",
                "{\"title\": \"T",
                "{\"title\": \"T\"} x",
                "{\"title\": nonsense}",
                "{\"title\": 'T'}",
                "{\"title\": \"a\nb\"}",
                "{\"title\": \"\\x\"}",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "{\"title\": " + "1".repeat(5000) + "}",
                "{\"" + "n".repeat(100_000) + "\": 1}",
                "{\"title\": 1e99999999999}",
                "{\"title\": \"T\", \"status\": \"x\"}",
                "{\"title\": \"T\", \"publishedAt\": \"x\"}",
                "{\"title\": \"T\", \"publishedAt\": {}}",
                "{\"title\": \"T\", \"tags\": {}}",
                "{\"title\": \"\u0000\"}",
                "null",
                "5");
        for (var path : List.of("/api/v1/articles", "/api/v1/accounts", "/api/v1/tokens", "/api/v1/password-resets")) {
            for (var body : bodies) {
                var answer = post(path, admin, body);
                assertThat(answer.statusCode()).as(path + " " + answer.body()).isBetween(400, 429);
                assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
                assertNoInternals(answer);
            }
        }
    }

    @Test
    void internalsAreForOperatorsOnly() throws Exception {
        // Another test has cut the store off before.
        Freshet.until(() -> instance.get("/actuator/health").text("status").equals("UP"));
        assertThat(instance.get("/actuator/health").json().propertyNames()).isSubsetOf("status", "groups");
        assertThat(JSON.readTree(get("/actuator/info", "").body()).propertyNames())
                .isSubsetOf("build");
        for (var endpoint : List.of("", "/prometheus", "/feedlog", "/sbom", "/sbom/application")) {
            assertThat(get("/actuator" + endpoint, "").statusCode())
                    .as(endpoint)
                    .isEqualTo(401);
            assertThat(get("/actuator" + endpoint, author).statusCode())
                    .as(endpoint)
                    .isEqualTo(403);
            assertThat(get("/actuator" + endpoint, admin).statusCode())
                    .as(endpoint)
                    .isEqualTo(200);
        }
        for (var endpoint : List.of("env", "heapdump", "beans", "loggers", "threaddump", "shutdown", "configprops")) {
            assertThat(get("/actuator/" + endpoint, admin).statusCode())
                    .as(endpoint)
                    .isEqualTo(404);
        }
    }

    @Test
    void sbomListsLibrariesOfTheProgram() throws Exception {
        var components = JSON.readTree(get("/actuator/sbom/application", admin).body());
        assertThat(components.path("bomFormat").asString()).isEqualTo("CycloneDX");
        assertThat(components.path("metadata").path("component").path("name").asString())
                .isEqualTo("freshet");
        assertThat(components
                        .path("components")
                        .valueStream()
                        .map(each -> each.path("name").asString()))
                .contains("spring-webflux", "netty-codec-http", "r2dbc-postgresql", "jsoup")
                .doesNotContain("archunit", "jazzer");
    }

    private static String article(String more) throws IOException, InterruptedException {
        return header(
                post("/api/v1/articles", author, "{\"title\": \"T\", \"status\": \"published\"" + more + "}"),
                "Location");
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return send("GET", path, token, "");
    }

    private static HttpResponse<String> post(String path, String token, String body)
            throws IOException, InterruptedException {
        return send("POST", path, token, body);
    }

    private static HttpResponse<String> send(String method, String path, String token, String body, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(method, path, token, body, headers), BodyHandlers.ofString());
    }

    private static byte[] image() throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return bytes.toByteArray();
    }

    private static HttpResponse<String> upload(byte[] image) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(instance.url() + "/api/v1/images"))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + author)
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(image))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest request(String method, String path, String token, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(instance.url() + path))
                .timeout(TIMEOUT)
                .version(HttpClient.Version.HTTP_1_1)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        if (List.of("POST", "PUT", "PATCH").contains(method)) {
            request.setHeader("Content-Type", "application/json");
        }
        for (var i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    private static void sql(String sql) {
        instance.bean(DatabaseClient.class)
                .sql(sql)
                .then()
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(50))
                        .filter(DataAccessResourceFailureException.class::isInstance))
                .block(TIMEOUT);
    }
}
