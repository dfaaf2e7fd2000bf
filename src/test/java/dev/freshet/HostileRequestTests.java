package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Alone;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.RawHttp;
import dev.freshet.testing.Routes;
import dev.freshet.testing.Stores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * Thousands of hostile requests to every route, generated from a seed. Each response says what the client did wrong and
 * shows no internals, and the instance is healthy afterwards. Text from clients is never part of an SQL statement that
 * PostgreSQL logged.
 */
@Alone
class HostileRequestTests {

    private static final int PER_ROUTE = Integer.getInteger("freshet.hostile.requests", 50);

    private static final long SEED = Long.getLong("freshet.hostile.seed", 20260131L);
    private static final int THREADS = 4;

    /** A marker in each text that is sent; no other text contains it. */
    private static final String MARK = "zqm4rk";

    /** Internals that no client may see. */
    private static final Pattern INTERNALS = Pattern.compile(
            "Exception|\\tat |\\.java:|\\b(dev\\.freshet|org\\.|java\\.|io\\.(netty|r2dbc|lettuce)|reactor\\.|tools\\.jackson)"
                    + "|StreamRead|\\bselect \\w|\\binsert into|\\bupdate \\w+ set|feed_log|SQLSTATE|/home/|/root|/tmp/|target/",
            Pattern.CASE_INSENSITIVE);

    private static Freshet instance;
    private static Logger root;
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
    private static UUID author;
    private static UUID admin;
    private static final List<String> ARTICLES = new ArrayList<>();

    @BeforeAll
    static void start() throws SQLException {
        var database = Stores.database();
        Stores.logStatements(database);
        instance = Freshet.start(
                database, Stores.redis(), Map.of("freshet.samples", "false", "freshet.auth.sign-up", "true"));
        author = instance.account("mallory", Role.AUTHOR);
        admin = instance.account("trudy", Role.ADMIN);
        root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        LOG.start();
        root.addAppender(LOG);
    }

    @AfterAll
    static void stop() {
        root.detachAppender(LOG);
        instance.close();
    }

    @Test
    @Timeout(300)
    void noRequestCausesAServerError() throws Exception {
        for (var i = 0; i < 5; i++) {
            publish();
        }
        var answered = new TreeMap<String, List<Integer>>();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var running = new TreeMap<String, Future<List<Integer>>>();
            for (var route : Routes.of(instance)) {
                running.put(route, threads.submit(() -> statuses(route)));
            }
            for (var each : running.entrySet()) {
                answered.put(each.getKey(), each.getValue().get());
            }
        }
        // A refusal before routing says nothing about the route.
        answered.keySet().removeIf(route -> !route.contains("/api/v1/articles"));
        assertThat(answered)
                .isNotEmpty()
                .allSatisfy((route, statuses) -> assertThat(statuses)
                        .as("answers to %s", route)
                        .anyMatch(status ->
                                (status >= 200 && status < 400) || status == 404 || status == 409 || status == 410));
        assertHealthy();
    }

    /** Sends requests to a route, which depend on the seed and the route alone. */
    private static List<Integer> statuses(String route) throws IOException {
        var random = new Random(SEED + route.hashCode());
        var statuses = new ArrayList<Integer>();
        var tokens = tokens();
        for (var i = 0; i < requests(route); i++) {
            var request = new Hostile(random, route, ARTICLES, tokens.get(random.nextInt(tokens.size()))).request();
            var answer = RawHttp.send(instance.port(), request);
            assertThat(answer.status())
                    .as(() -> "seed %d: %s%n=> %s".formatted(SEED, text(request), answer))
                    .isLessThan(500);
            assertNoInternals(answer, request);
            statuses.add(answer.status());
            if (answer.status() < 400 && !route.startsWith("GET ")) {
                // It may have ended the session.
                tokens = tokens();
            }
        }
        return statuses;
    }

    /** Password hashing is slow on purpose. */
    private static int requests(String route) {
        return route.contains("session")
                        || route.contains("account")
                        || route.contains("sign-up")
                        || route.contains("password")
                ? PER_ROUTE / 4
                : PER_ROUTE;
    }

    private static void assertNoInternals(RawHttp.Answer answer, byte[] request) {
        // Operators may see internals.
        if (answer.status() != 200 || !text(request).contains(" /actuator/")) {
            assertThat(INTERNALS.matcher(answer.body()).find())
                    .as(() -> text(request) + "\n=> " + answer)
                    .isFalse();
        }
        if (answer.status() >= 400
                && answer.header("content-length").length() > 0
                && !answer.body().isEmpty()) {
            assertThat(answer.header("content-type"))
                    .as(() -> text(request) + "\n=> " + answer)
                    .isIn(errorTypes(text(request)));
        }
    }

    private static List<String> errorTypes(String request) {
        var types = new ArrayList<>(List.of("application/problem+json"));
        if (!request.contains(" /api/")) {
            // A request for a page gets its error as a page.
            types.add("text/html;charset=utf-8");
        }
        if (request.contains(" /graphql")) {
            types.addAll(List.of("application/json;charset=utf-8", "application/graphql-response+json;charset=utf-8"));
        }
        return types;
    }

    private static void assertHealthy() throws IOException {
        assertThat(LOG.list.stream()
                        .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                        .map(ILoggingEvent::getFormattedMessage))
                .isEmpty();
        var path = publish();
        assertThat(RawHttp.send(instance.port(), get(path)).status()).isEqualTo(200);
        assertThat(RawHttp.send(instance.port(), get("/api/v1/articles")).body())
                .contains(path.substring(path.lastIndexOf('/') + 1));
        assertThat(RawHttp.send(instance.port(), get("/actuator/health")).body())
                .contains("UP");
    }

    @Test
    void statementsContainNoTextOfClients() throws Exception {
        var text = MARK + "'\\\"; drop table article; --$$%_";
        var json = text.replace("\\", "\\\\").replace("\"", "\\\"");
        var encoded = java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
        var bearer = instance.token(author, Scope.of(Role.AUTHOR));
        var whole = """
                {"title": "%1$s", "summary": "%1$s", "body": "%1$s", "tags": ["%1$s"], "author": "%1$s", "source": "%1$s",
                 "slug": "%2$s", "canonicalUrl": "https://%2$s.example/%2$s'", "language": "en-x-%2$s", "status": "published"}""".formatted(json, MARK);
        var created = send("POST", "/api/v1/articles", bearer, whole, "Idempotency-Key: " + MARK + "'");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        var path = created.header("location");
        assertThat(send("PUT", path, bearer, whole, "If-Match: *").status()).isEqualTo(200);
        var line = whole.replace("\n", "").replace("\"status\": \"published\"", "\"id\": \"" + MARK + "'\"");
        assertThat(send("POST", "/api/v1/imports", bearer, line, "Content-Type: application/x-ndjson")
                        .status())
                .isEqualTo(200);
        for (var query : List.of(
                "tag=" + encoded,
                "author=" + encoded,
                "source=" + encoded,
                "q=" + encoded,
                "tag=" + encoded + "&author=" + encoded + "&source=" + encoded + "&q=" + encoded + "&fields=full")) {
            for (var format : List.of("", "&format=atom", "&format=ndjson&follow=false&since=earliest")) {
                assertThat(send("GET", "/api/v1/articles?" + query + format, "", "")
                                .status())
                        .isEqualTo(200);
            }
            assertThat(send("GET", "/?" + query, "", "").status()).isEqualTo(200);
        }
        var operator = instance.token(admin, Scope.of(Role.ADMIN));
        send("GET", "/api/v1/accounts?after=" + encoded, operator, "");
        send(
                "POST",
                "/api/v1/accounts",
                operator,
                "{\"name\": \"%1$s\", \"email\": \"%1$s@e.example\", \"role\": \"author\", \"password\": \"%1$s %1$s\"}"
                        .formatted(MARK));
        send(
                "POST",
                "/api/v1/session",
                "",
                "{\"name\": \"%1$s\", \"password\": \"%1$s %1$s\"}".formatted(json),
                "User-Agent: " + MARK);
        send(
                "POST",
                "/api/v1/session",
                "",
                "{\"name\": \"%1$s\", \"password\": \"%1$s %1$s\"}".formatted(MARK),
                "User-Agent: " + MARK);
        send("POST", "/api/v1/session/refresh", "", "{\"refreshToken\": \"" + json + "\"}");
        send("POST", "/api/v1/tokens", operator, "{\"name\": \"" + json + "\", \"scopes\": [\"ops\"]}");
        send("POST", "/api/v1/password-resets", "", "{\"name\": \"" + json + "\"}");
        send(
                "PUT",
                "/api/v1/password-resets",
                "",
                "{\"token\": \"%1$s\", \"password\": \"%1$s %1$s\"}".formatted(json));
        send("GET", "/api/v1/session", MARK, "");

        var statements = Stores.statements();
        // The log has the statements that write the texts.
        assertThat(statements)
                .contains("insert into article", "feed_log", "as tsquery", "insert into account", "credential");
        assertThat(statements
                        .lines()
                        .filter(each -> each.toLowerCase(java.util.Locale.ROOT).contains(MARK)))
                .isEmpty();
    }

    private static RawHttp.Answer send(String method, String path, String bearer, String body, String... headers)
            throws IOException {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        if (!bearer.isEmpty()) {
            head.append("Authorization: Bearer ").append(bearer).append("\r\n");
        }
        if (!body.isEmpty()) {
            if (List.of(headers).stream().noneMatch(header -> header.startsWith("Content-Type"))) {
                head.append("Content-Type: application/json\r\n");
            }
            head.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        for (var header : headers) {
            head.append(header).append("\r\n");
        }
        return RawHttp.send(instance.port(), (head + "\r\n" + body).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String publish() throws IOException {
        var answer = send(
                "POST",
                "/api/v1/articles",
                instance.token(author, Scope.of(Role.AUTHOR)),
                "{\"title\": \"T\", \"status\": \"published\"}");
        assertThat(answer.status()).isEqualTo(201);
        var path = answer.header("location");
        ARTICLES.add(path.substring(path.lastIndexOf('/') + 1));
        return path;
    }

    /** Returns new tokens, in their frequency. */
    private static List<String> tokens() {
        var writing = instance.token(author, Scope.of(Role.AUTHOR));
        var managing = instance.token(admin, Scope.of(Role.ADMIN));
        return List.of("", writing, writing, writing, managing, managing, managing, managing);
    }

    private static String text(byte[] request) {
        var text = new String(request, StandardCharsets.ISO_8859_1);
        return text.length() > 2000 ? text.substring(0, 2000) + "…" : text;
    }

    /** Makes a request to a route. */
    private record Hostile(Random random, String route, List<String> articles, String token) {

        private static final List<String> VALUES = List.of(
                "",
                "0",
                "-1",
                "1",
                "9223372036854775808",
                "1e400",
                "NaN",
                "null",
                "true",
                "[]",
                "{}",
                "*",
                "\"1\"",
                "W/\"1\"",
                "\"",
                "'",
                "' or '1'='1",
                "'; drop table article; --",
                "\\",
                "$1",
                ":tag",
                "?",
                "${jndi:ldap://e.example/x}",
                "{{7*7}}",
                "#{7*7}",
                "<script>alert(1)</script>",
                "<!--",
                "]]>",
                "../../../../etc/passwd",
                "..%2f..%2f",
                "%",
                "%00",
                "%0d%0aX-Evil:%201",
                "%ff%fe",
                "%ed%a0%80",
                "\u0000",
                "a\r\nX-Evil: 1",
                "\uFFFF",
                "é😀",
                "\u202Eabc",
                "İ",
                "PT15M",
                "P99999999999D",
                "PT-1S",
                "-999999999-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59Z",
                "2026-01-31T12:00:00Z",
                "0-0",
                "fffffffff-999999999999999999",
                "1-1",
                "earliest",
                "latest",
                "full",
                "keys",
                "title,body",
                "atom",
                "rss",
                "json-feed",
                "opml",
                "ndjson",
                "sse",
                "tag",
                "text/event-stream",
                "application/x-ndjson",
                "application/json",
                "application/json;charset=x-nonsense",
                "application/atom+xml",
                "text/html;q=2",
                "*/*;q=0",
                "a/b;c=\"",
                ",,;;",
                "gzip;q=x, br",
                "bytes=0-1,5-2,-",
                "Bearer a.b.c",
                "Basic eDp5",
                "Bearer eyJhbGciOiJub25lIn0.e30.",
                "Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLy4uIn0.e30.AAAA",
                "Bearer fr_nothing",
                "for=\"[::1]:80\";proto=evil;host=\"e.example\"",
                "e.example\"><script>",
                "100-continue",
                "\"\"\"",
                "published",
                "scheduled",
                "admin",
                "articles:write",
                "https://e.example/x",
                "javascript:alert(1)",
                "http://[",
                "__________________________________________",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "f_________8AAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAf4AAAA",
                "a".repeat(501),
                "x".repeat(7000));

        private static final List<String> PARAMETERS = List.of(
                "tag",
                "author",
                "source",
                "q",
                "limit",
                "before",
                "after",
                "since",
                "cursor",
                "fields",
                "format",
                "follow",
                "announce",
                "kind",
                "following",
                "not.author",
                "id",
                "name",
                "token",
                "lang");

        private static final List<String> HEADERS = List.of(
                "Accept",
                "Accept-Encoding",
                "Accept-Language",
                "Authorization",
                "Content-Encoding",
                "Content-Type",
                "Cookie",
                "Expect",
                "Forwarded",
                "If-Match",
                "If-Modified-Since",
                "If-None-Match",
                "Idempotency-Key",
                "Last-Event-ID",
                "Origin",
                "Access-Control-Request-Method",
                "Range",
                "Referer",
                "Upgrade",
                "User-Agent",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "X-Forwarded-Prefix",
                "X-Forwarded-Proto",
                "X-HTTP-Method-Override",
                "traceparent");

        private static final List<String> FIELDS = List.of(
                "title",
                "summary",
                "body",
                "tags",
                "author",
                "source",
                "slug",
                "canonicalUrl",
                "language",
                "status",
                "publishedAt",
                "id",
                "name",
                "password",
                "email",
                "role",
                "scopes",
                "expiresAt",
                "token",
                "refreshToken",
                "current",
                "version",
                "html");

        private static final List<String> BODIES = List.of(
                "",
                "null",
                "[]",
                "\"\"",
                "{",
                "{}}",
                "{\"a\":",
                "[[[[",
                "\uFEFF{}",
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"/>",
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><feed>&b;</feed>",
                "<rss version=\"2.0\"><channel><item><title>T</title><guid>1</guid><description>&lt;p</description></item></channel></rss>",
                "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [{\"id\": 1, \"title\": \"T\"}, {}, 5]}",
                "{\"title\":".repeat(2000),
                "[".repeat(100_000),
                "{\"title\": \"" + "t".repeat(5_000_000) + "\"}",
                "{\"title\": " + "1".repeat(5000) + "}",
                "PK\u0003\u0004",
                "\u0000\u0000");

        private static final List<String> TYPES = List.of(
                "application/json",
                "application/json",
                "application/json",
                "application/merge-patch+json",
                "application/x-ndjson",
                "application/atom+xml",
                "application/rss+xml",
                "application/feed+json",
                "application/xml;charset=UTF-16",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded",
                "text/plain",
                "nonsense",
                "application/json;charset=\"");

        byte[] request() {
            var parts = route.split(" ", 2);
            var head = new ByteArrayOutputStream();
            var method = isSeldom()
                    ? pick(List.of("TRACE", "OPTIONS", "HEAD", "PROPFIND", "G<T", "POST", "DELETE"))
                    : parts[0];
            write(head, (method.equals("ANY") ? "GET" : method) + " " + path(parts[1]) + query() + " HTTP/1.1\r\n");
            write(head, "Host: " + (isSeldom() ? pick(VALUES) : "localhost") + "\r\nConnection: close\r\n");
            if (!token.isEmpty()) {
                write(head, "Authorization: Bearer " + token + "\r\n");
            }
            for (var i = random.nextInt(3); i > 0; i--) {
                write(head, pick(HEADERS) + ": " + pick(VALUES) + "\r\n");
            }
            if (List.of("PUT", "PATCH", "DELETE").contains(method) || route.contains("publish")) {
                write(head, "If-Match: " + (random.nextBoolean() ? "*" : pick(VALUES)) + "\r\n");
            }
            if (List.of("POST", "PUT", "PATCH").contains(method)) {
                var body = body().getBytes(StandardCharsets.UTF_8);
                damage(body);
                var usual = method.equals("PATCH") && route.contains("articles")
                        ? "application/merge-patch+json"
                        : "application/json";
                write(head, "Content-Type: " + (random.nextInt(3) > 0 ? usual : pick(TYPES)) + "\r\n");
                write(head, "Content-Length: " + body.length + "\r\n\r\n");
                head.writeBytes(body);
            } else {
                write(head, "\r\n");
            }
            return head.toByteArray();
        }

        private String path(String pattern) {
            var path = new StringBuilder();
            for (var part : pattern.split("(?=\\{)|(?<=})", -1)) {
                path.append(
                        !part.startsWith("{")
                                ? part
                                : random.nextInt(3) > 0 && !articles.isEmpty() ? pick(articles) : raw(pick(VALUES)));
            }
            return path
                    + (isSeldom()
                            ? pick(List.of("/", "//", "/.", "/..;/", ";a=b", "%2e%2e", "\\", ".json", "%2F"))
                            : "");
        }

        private String query() {
            var query = new StringBuilder();
            for (var i = random.nextInt(4); i > 0; i--) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(pick(PARAMETERS))
                        .append('=')
                        .append(raw(pick(VALUES)));
            }
            return query.toString();
        }

        private String body() {
            if (random.nextInt(3) == 0) {
                return pick(BODIES);
            }
            var fields =
                    new ArrayList<String>(List.of("\"title\": \"T\"", "\"name\": \"" + MARK + random.nextInt() + "\""));
            if (route.contains("password") || route.contains("accounts")) {
                fields.add("\"password\": \"a long enough password\"");
            }
            for (var i = random.nextInt(5); i > 0; i--) {
                fields.add("\"" + pick(FIELDS) + "\": " + json());
            }
            // Mostly one of each: a field that is there twice is refused at once.
            var named = new TreeMap<String, String>();
            fields.forEach(field -> named.put(field.substring(0, field.indexOf(':')), field));
            return "{" + String.join(", ", isSeldom() ? fields : named.values()) + "}";
        }

        private String json() {
            var text = pick(VALUES);
            return switch (random.nextInt(6)) {
                case 0 ->
                    pick(List.of(
                            "null",
                            "1",
                            "-0.0",
                            "1e999",
                            "true",
                            "[]",
                            "{}",
                            "[[null]]",
                            "\"\\ud800\"",
                            "\"\\u0000\""));
                case 1 -> "[" + quoted(text) + "]";
                default -> quoted(text);
            };
        }

        private static String quoted(String text) {
            var quoted = new StringBuilder("\"");
            text.chars()
                    .forEach(c ->
                            quoted.append(c < ' ' || c == '"' || c == '\\' ? "\\u%04x".formatted(c) : "" + (char) c));
            return quoted + "\"";
        }

        /** Mostly percent-encoded, so that it passes the web server. */
        private String raw(String value) {
            return isSeldom()
                    ? value.replace("\r\n", "")
                    : java.net.URLEncoder.encode(value, StandardCharsets.UTF_8).replace("%25", "%");
        }

        private void damage(byte[] body) {
            if (body.length > 0 && random.nextInt(10) == 0) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
        }

        private boolean isSeldom() {
            return random.nextInt(20) == 0;
        }

        private String pick(List<String> some) {
            return some.get(random.nextInt(some.size()));
        }

        private static void write(ByteArrayOutputStream out, String text) {
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
