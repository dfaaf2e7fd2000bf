package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Scope;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Conditional requests of caches and polling readers (RFC 9110, section 13; RFC 9111). */
class ConditionalRequestTests {

    private static final String SLOW_PATH = "Authorization";

    // This client neither decompresses bodies nor hides headers.
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Freshet instance;
    private static LogWriter log;
    private static String token;

    @BeforeAll
    static void start() {
        instance =
                Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false", "freshet.cdn.max-age", "1h"));
        log = new LogWriter(instance);
        var reader = get(instance.bean(FirstAccount.class).ensure());
        token = "Bearer "
                + get(instance.bean(Tokens.class)
                        .issue(reader.id(), Set.of(Scope.ARTICLES_WRITE), Duration.ofHours(1), UUID.randomUUID()));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/articles?tag=etag",
                "/?tag=etag",
                "/api/v1/articles?tag=etag&fields=id,title",
                "/api/v1/articles?tag=etag&format=atom",
                "/api/v1/articles?tag=etag&format=rss",
                "/api/v1/articles?tag=etag&format=json-feed"
            })
    void page_isSentAgainOnlyAfterAChange(String path) {
        get(log.publish("First", "etag"));
        var tag = header(request("GET", path), "ETag");
        assertThat(tag).startsWith("\"").endsWith("\"");
        for (var header : List.of("X-Nothing", SLOW_PATH)) {
            var unchanged = request("GET", path, "If-None-Match", "\"other\", " + tag, header, token);
            assertThat(unchanged.statusCode()).isEqualTo(304);
            assertThat(unchanged.body()).isEmpty();
            assertThat(header(unchanged, "ETag")).isEqualTo(tag);
            assertThat(header(unchanged, "Cache-Control")).isEqualTo("no-cache");
            assertThat(header(unchanged, "Vary")).contains("Accept-Encoding");
        }
        get(log.publish("Other", "other"));
        assertThat(status(path, "If-None-Match", tag)).isEqualTo(304);
        get(log.publish("Second", "etag"));
        assertThat(status(path, "If-None-Match", tag)).isEqualTo(200);
    }

    @Test
    void tagOfAnotherRepresentation_doesNotMatch() {
        get(log.publish("First", "forms"));
        var html = header(request("GET", "/?tag=forms"), "ETag");
        assertThat(status("/api/v1/articles?tag=forms", "If-None-Match", html)).isEqualTo(200);
        assertThat(status("/api/v1/articles?tag=forms", "If-None-Match", "\"9-9.json-0\", W/\"\\u00ff\", junk"))
                .isEqualTo(200);
        assertThat(status("/api/v1/articles?tag=forms", "If-None-Match", "*")).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "W/", ",", "no quotes", "\"a\",,\"b", "\"9-9.json-0.gzip.gzip\""})
    void malformedCondition_isIgnored(String condition) {
        for (var header : List.of("X-Nothing", SLOW_PATH)) {
            for (var path : List.of("/api/v1/articles?tag=broken", "/?tag=broken", "/api/v1/feeds")) {
                assertThat(status(path, "If-None-Match", condition, header, token))
                        .as(path)
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "/", "text/", "application/json;q=x"})
    void invalidAcceptIsReported(String accept) {
        for (var path : List.of("/api/v1/articles?tag=broken", "/api/v1/feeds")) {
            assertThat(status(path, "Accept", accept)).as(path).isEqualTo(400);
        }
        assertThat(status("/?tag=broken", "Accept", accept)).isEqualTo(200);
    }

    @Test
    void lastModified_isSentOnceItIsExact() {
        get(log.publish("Dated", "dated"));
        var path = "/api/v1/articles?tag=dated";
        var fresh = request("GET", path);
        assertThat(fresh.headers().firstValue("Last-Modified")).isEmpty();
        var modified = get(Mono.fromFuture(() -> CLIENT.sendAsync(
                        HttpRequest.newBuilder(URI.create(instance.url() + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding()))
                .mapNotNull(response ->
                        response.headers().firstValue("Last-Modified").orElse(null))
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(200))));
        assertThat(status(path, "If-Modified-Since", modified)).isEqualTo(304);
        assertThat(status(path, "If-Modified-Since", "Mon, 01 Jan 2046 00:00:00 GMT"))
                .isEqualTo(200);
        assertThat(status(path, "If-Modified-Since", modified, "If-None-Match", "\"other\""))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/articles?tag=head", "/?tag=head", "/api/v1/articles?tag=head&format=atom"})
    void headHasTheHeadersOfGetWithoutTheBody(String path) {
        get(log.publish("Head", "head"));
        var whole = request("GET", path);
        var head = request("HEAD", path);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (var name : List.of("ETag", "Content-Type", "Content-Length", "Cache-Control")) {
            assertThat(header(head, name)).isEqualTo(header(whole, name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate, GZIP;q=0.5", "*"})
    void gzipResponseHasTheSameBytes(String accepted) throws IOException {
        get(log.publish("Compressed", "gzip"));
        var path = "/api/v1/articles?tag=gzip";
        var plain = request("GET", path);
        var compressed = request("GET", path, "Accept-Encoding", accepted);
        assertThat(header(compressed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(compressed, "ETag")).isNotEqualTo(header(plain, "ETag"));
        var body = new GZIPInputStream(new ByteArrayInputStream(compressed.body()));
        assertThat(body.readAllBytes()).isEqualTo(plain.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip;q=0", "gzip;q=0.000, br", "br"})
    void responseIsPlainWithoutGzipSupport(String accepted) {
        var response = request("GET", "/api/v1/articles?tag=plain", "Accept-Encoding", accepted);
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/articles?tag=paths&limit=3", "/?tag=paths", "/api/v1/articles?tag=paths&format=rss"})
    void fastPathAndSlowPath_respondAlike(String path) {
        get(log.publish("Paths", "paths"));
        request("GET", path);
        var fast = request("GET", path);
        var slow = request("GET", path, SLOW_PATH, token);
        assertThat(fast.body()).isEqualTo(slow.body());
        assertThat(headers(fast)).isEqualTo(headers(slow));
        assertThat(header(fast, "Cache-Status")).isEqualTo("freshet; hit; detail=near");
        var count = instance.bean(MeterRegistry.class)
                .get("http.server.requests")
                .tag("uri", path.startsWith("/api") ? "/api/v1/articles" : "/")
                .tag("method", "GET")
                .tag("status", "200")
                .timers();
        assertThat(count).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/atom+xml", "application/rss+xml", "application/feed+json", "application/json"})
    void feedFormats_haveAbsoluteLinks(String type) {
        get(log.publish("Typed", "typed"));
        var response = request("GET", "/api/v1/articles?tag=typed", "Accept", type + ", text/html;q=0.5");
        assertThat(header(response, "Content-Type")).startsWith(type);
        assertThat(text(response)).contains("Typed");
        if (!type.equals("application/json")) {
            assertThat(text(response)).contains(instance.url() + "/articles/");
        }
    }

    @Test
    void sharedCacheMayStorePagesAndGetsSurrogateKeys() {
        var response = request("GET", "/api/v1/articles?tag=a+b&author=Ann");
        assertThat(header(response, "CDN-Cache-Control")).isEqualTo("max-age=3600, stale-while-revalidate=30");
        assertThat(header(response, "Surrogate-Key")).isEqualTo("tag:a+b");
        assertThat(header(request("GET", "/"), "Surrogate-Key")).isEqualTo("all");
    }

    @Test
    void equalQueries_shareAPage() {
        get(log.publish("Spelt", "spelt"));
        request("GET", "/api/v1/articles?tag=spelt&limit=20&fields=title,id");
        for (var other : List.of(
                "?fields=id,title&tag=spelt",
                "?tag=SPELT&fields=id,%20title,id",
                "?limit=020&tag=+spelt&fields=title,id&format=json")) {
            assertThat(header(request("GET", "/api/v1/articles" + other), "Cache-Status"))
                    .as(other)
                    .isEqualTo("freshet; hit; detail=near");
        }
    }

    @Test
    void fields_selectAndMustBeKnown() {
        get(log.publish("Selected", "selected"));
        var body = text(request("GET", "/api/v1/articles?tag=selected&fields=title,html"));
        assertThat(body).startsWith("{\"items\":[{\"title\":\"Selected\",\"html\":\"h\"}],\"cursor\":");
        var refused = request("GET", "/api/v1/articles?fields=title,secret");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).contains("invalid-request").contains("canonicalUrl");
    }

    private static Map<String, List<String>> headers(HttpResponse<byte[]> response) {
        return response.headers().map();
    }

    private static int status(String path, String... headers) {
        return request("GET", path, headers).statusCode();
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static HttpResponse<byte[]> request(String method, String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(instance.url() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Objects.requireNonNull(
                Mono.fromFuture(() -> CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()))
                        .block(TIMEOUT));
    }
}
