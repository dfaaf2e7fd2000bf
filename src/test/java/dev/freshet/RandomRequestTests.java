package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Alone;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Routes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Thousands of requests of random parameters and headers to every route, generated from a seed. */
@Alone
class RandomRequestTests {

    private static final int REQUESTS = Integer.getInteger("freshet.random.requests", 6000);
    private static final int THREADS = 4;
    /** Some requests end the session of their token. */
    private static final int REQUESTS_PER_TOKEN = 200;

    /** Ends a hang. */
    private static final int MAX_SILENCE_MILLIS = 60_000;

    private static final long SEED = Long.getLong("freshet.random.seed", 20261128L);

    private static final List<String> NAMES = List.of(
            "tag",
            "author",
            "source",
            "language",
            "q",
            "limit",
            "before",
            "after",
            "since",
            "cursor",
            "lastEventId",
            "fields",
            "format",
            "follow",
            "announce",
            "kind",
            "following",
            "not.tag",
            "not.source",
            "ticket",
            "id",
            "name",
            "next",
            "failed",
            "token",
            "url",
            "continue",
            "sinse",
            "utm_source",
            "page",
            "state",
            "code",
            "error",
            "%00",
            "a[b]",
            "");
    private static final List<String> HEADERS = List.of(
            "Accept",
            "Accept-Charset",
            "Accept-Encoding",
            "Accept-Language",
            "Access-Control-Request-Headers",
            "Access-Control-Request-Method",
            "Authorization",
            "Cache-Control",
            "Content-Encoding",
            "Content-Language",
            "Content-Type",
            "Cookie",
            "Expect",
            "Forwarded",
            "If-Match",
            "If-Modified-Since",
            "If-None-Match",
            "If-Range",
            "If-Unmodified-Since",
            "Idempotency-Key",
            "Last-Event-ID",
            "Origin",
            "Prefer",
            "Range",
            "Referer",
            "Sec-Fetch-Mode",
            "Sec-Fetch-Site",
            "Sec-WebSocket-Key",
            "TE",
            "Upgrade",
            "User-Agent",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Proto",
            "X-Requested-With",
            "traceparent",
            "tracestate",
            "baggage",
            "b3");
    private static final List<String> VALUES = List.of(
            "",
            "0",
            "1",
            "-1",
            "10",
            "200",
            "2147483648",
            "99999999999999999999",
            "NaN",
            "null",
            "true",
            "false",
            "java",
            "c++",
            "C#",
            "a/b",
            "a\\b",
            "a;b",
            "a%b",
            "a.b",
            "..",
            "-".repeat(430),
            "\"a b\" -c",
            "\"",
            "'",
            "a".repeat(60),
            "(((",
            "a & b | !c",
            ":*",
            "<->",
            "\u0000",
            "\u0001",
            "\uFFFF",
            "\uD83D",
            "é😀",
            "\u202E",
            "PT15M",
            "PT-1S",
            "P99999999999D",
            "PT0.0000000001S",
            "2026-01-31T12:00:00Z",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "0000-00-00",
            "earliest",
            "latest",
            "0-0",
            "7fffffff-9223372036854775807",
            "full",
            "keys",
            "title",
            "title,body,nothing",
            "atom",
            "rss",
            "json-feed",
            "opml",
            "ndjson",
            "sse",
            "html",
            "published",
            "draft",
            "*",
            "*/*",
            "*/*;q=2",
            "text/html",
            "text/event-stream",
            "application/x-ndjson",
            "application/json;charset=UTF-16",
            "application/atom+xml",
            "a/b;c=\"",
            "text/",
            "gzip",
            "br;q=0",
            "bytes=0-1,5-2,-",
            "bytes=9-",
            "de-DE, x-nonsense;q=0.5",
            "Bearer",
            "Bearer a.b.c",
            "Basic eDp5",
            "W/\"1\"",
            "\"1\"",
            "Mon, 30 Feb 2026 99:00:00 GMT",
            "https://e.example/x?y#z",
            "http://[",
            "/{",
            "//e.example",
            "javascript:alert(1)",
            "100-continue",
            "websocket",
            "h2c",
            "for=\"[::1\";host=\"",
            "[198.51.100.7]\"",
            "127.0.0.1:\"",
            "same-origin",
            "cross-site",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "__Host-session=x; a=\"; b=\u0007",
            "018f0000-0000-7000-8000-000000000000",
            "__________8",
            "x".repeat(3000));
    private static final List<String> SAFE_VALUES =
            VALUES.stream().filter(value -> value.matches("[ -~]*")).toList();
    /** Values that a feed accepts. Others are mostly refused at once. */
    private static final SortedMap<String, String> FITTING = new TreeMap<>(Map.of(
            "tag", "java",
            "author", "ann",
            "source", "e.example",
            "q", "java",
            "limit", "10",
            "since", "PT15M",
            "cursor", "latest",
            "fields", "full",
            "format", "atom",
            "follow", "false"));

    private static final List<String> BODIES = List.of(
            "",
            "{}",
            "[]",
            "null",
            "{\"a\":1}",
            "{\"title\":\"T\",\"title\":\"U\"}",
            "{\"title\":\"\\ud800\"}",
            "{\"name\":1}",
            "{\"expiresAt\":\"+10000-01-01T00:00:00Z\"}",
            "name=a&next=%2F%7B",
            "\u0000{",
            "<feed/>",
            "{\"limit\":1e999}");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json",
            "application/merge-patch+json",
            "application/x-ndjson",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/atom+xml",
            "image/png",
            "nonsense");

    /** Index of the first digit of the status in a status line. */
    private static final int SUCCESS_DIGIT = 9;

    private static final AtomicInteger SUCCESSFUL = new AtomicInteger();
    private static Freshet instance;

    @BeforeAll
    static void start() {
        instance = Freshet.shared(Map.of());
    }

    @Test
    @Timeout(600)
    void randomRequestsCauseNoServerErrorAndNoLogLine() throws Exception {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        root.addAppender(log);
        var routes = List.copyOf(Routes.of(instance));
        var failures = new ArrayList<String>();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var parts = new ArrayList<Callable<List<String>>>();
            for (var thread = 0; thread < THREADS; thread++) {
                var first = thread;
                parts.add(() -> {
                    var failed = new ArrayList<String>();
                    var random = new Random(SEED + first);
                    var tokens = List.<String>of();
                    for (var i = first; i < REQUESTS; i += THREADS) {
                        if (i % REQUESTS_PER_TOKEN < THREADS) {
                            tokens = tokens();
                        }
                        var route = routes.get(i % routes.size());
                        // An operator that starts an epoch causes a log line, and should.
                        var token = route.startsWith("POST /actuator/") ? "" : pick(random, tokens);
                        send(request(random, route, token), failed);
                    }
                    return failed;
                });
            }
            for (var part : threads.invokeAll(parts)) {
                failures.addAll(part.get());
            }
        } finally {
            root.detachAppender(log);
        }
        assertThat(failures).isEmpty();
        // Requests that are all refused at once would show nothing.
        assertThat(SUCCESSFUL).hasValueGreaterThan(REQUESTS / 20);
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                // A part of the start of the instance.
                .filteredOn(event -> !event.getLoggerName().endsWith(".FirstAccount"))
                .extracting(event -> event.getLoggerName() + ": " + event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getMessage()))
                .isEmpty();
    }

    private static List<String> tokens() {
        return List.of("", "", instance.token(Role.READER), instance.token(Role.AUTHOR), instance.token(Role.ADMIN));
    }

    private static void send(String request, List<String> failed) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), instance.port())) {
            socket.setSoTimeout(MAX_SILENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
            if (!line.matches("HTTP/1.1 [1-4]..")) {
                failed.add(request + "\n=> " + line);
            } else if (line.charAt(SUCCESS_DIGIT) < '4') {
                SUCCESSFUL.incrementAndGet();
            }
        } catch (SocketTimeoutException e) {
            failed.add(request + "\n=> " + e);
        }
    }

    private static String request(Random random, String route, String token) {
        var parts = route.split(" ", 2);
        var path = new StringBuilder();
        for (var part : parts[1].split("(?=\\{)|(?<=})", -1)) {
            path.append(
                    part.startsWith("{") ? encoded(random, pick(random, VALUES)).replace('\\', '/') : part);
        }
        var method = parts[0].equals("ANY") || !parts[0].matches("[A-Z]+") ? "GET" : parts[0];
        method =
                random.nextInt(20) > 0 ? method : pick(random, List.of("GET", "HEAD", "OPTIONS", "POST", "TRACE", "X"));
        var head = new StringBuilder(method + " " + path);
        for (var i = random.nextInt(3); i > 0; i--) {
            var name = random.nextInt(4) > 0 ? pick(random, List.copyOf(FITTING.keySet())) : pick(random, NAMES);
            var value = FITTING.containsKey(name) && random.nextInt(3) > 0 ? FITTING.get(name) : pick(random, VALUES);
            head.append(head.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append(random.nextInt(20) > 0 ? "=" : "")
                    .append(encoded(random, value));
        }
        head.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        if (!token.isEmpty()) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (var i = random.nextInt(3); i > 0; i--) {
            var value = pick(random, random.nextInt(10) > 0 ? SAFE_VALUES : VALUES);
            head.append(pick(random, HEADERS)).append(": ").append(value).append("\r\n");
        }
        if (method.equals("GET") || method.equals("HEAD")) {
            return head + "\r\n";
        }
        var body = pick(random, BODIES);
        return head + "Content-Type: " + pick(random, TYPES) + "\r\nIf-Match: *\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String encoded(Random random, String value) {
        var encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
        // Some clients do not encode, or encode twice.
        return switch (random.nextInt(20)) {
            case 0 -> value.replaceAll("[\\s\\x00]", "");
            case 1 -> encoded.replace("%", "%25");
            default -> encoded;
        };
    }

    private static String pick(Random random, List<String> some) {
        return some.get(random.nextInt(some.size()));
    }
}
