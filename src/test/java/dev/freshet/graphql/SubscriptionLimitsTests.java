package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The limits of streams hold for subscriptions on both transports. */
class SubscriptionLimitsTests {

    // The high water mark of a connection's write buffer (64 KiB), one batch (32 KiB and a frame), and its prefixes.
    private static final long BOUND = 64 * 1024 + 2 * (32 * 1024 + 4096);
    private static final String EVENTS = "subscription($since: String) { events(since: $since, announce: true) {"
            + " type cursor reason article { title } } }";

    private static final String FLOOD = EVENTS.replace("since: $since", "since: $since, filter: {tags: [\"flood\"]}");

    private static Freshet instance;
    private static String operator;

    @BeforeAll
    static void start() {
        instance = Freshet.start(Map.of(
                "freshet.stream.ring-events", "64",
                "freshet.stream.max-per-principal", "2",
                "freshet.limits.exempt", "",
                "freshet.limits.reads-per-address", "off",
                "freshet.limits.writes-per-account", "3/1h"));
        operator = instance.token(Role.ADMIN);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void stalledClientsUseBoundedBuffersAndMissNothing() throws IOException {
        try (var stuck = RawSocket.open(instance, 4096);
                var stuckStream = RawHttp.open(instance.port());
                var reader = RawSocket.ready(instance, Map.of())) {
            stuck.send("connection_init", Map.of());
            stuck.receive("connection_ack");
            stuck.subscribe("1", FLOOD, Map.of());
            stuckStream.send(request(FLOOD, ""));
            assertThat(stuckStream.readTo("LIVE")).contains("LIVE");
            reader.subscribe("1", FLOOD, Map.of());
            assertThat(reader.event().path("type").asString()).isEqualTo("LIVE");
            until(() -> streams().size() == 3);

            var log = new LogWriter(instance);
            // 12 MB for each, which is more than the buffers of the sockets hold, so that the server has to wait.
            var title = "x".repeat(2000);
            var last = get(Flux.range(0, 60)
                    .concatMap(i -> log.publishAll(100, title, "flood"))
                    .last());
            var cursors = cursorsUntil(reader, last.toString());

            assertThat(cursors).hasSize(6000).doesNotHaveDuplicates();
            for (var stream : streams()) {
                assertThat(stream.path("pending").asLong())
                        .as(stream.toString())
                        .isLessThanOrEqualTo(BOUND);
            }
            assertThat(stuck.event().path("type").asString()).isEqualTo("LIVE");
            assertThat(cursorsUntil(stuck, last.toString())).isEqualTo(cursors);
        }
    }

    private static List<String> cursorsUntil(RawSocket socket, String last) {
        var cursors = new ArrayList<String>();
        do {
            cursors.add(socket.event().path("cursor").asString());
        } while (!cursors.getLast().equals(last));
        return cursors;
    }

    @Test
    void streamsOfAnAccountAreCountedOnBothTransports() throws IOException {
        var token = token();
        try (var socket = RawSocket.ready(instance, Map.of("Authorization", "Bearer " + token));
                var stream = RawHttp.open(instance.port())) {
            stream.send(request(EVENTS, "Authorization: Bearer " + token + "\r\n"));
            assertThat(stream.readTo("LIVE")).contains("LIVE");
            socket.subscribe("1", EVENTS, Map.of());
            assertThat(socket.event().path("type").asString()).isEqualTo("LIVE");
            socket.subscribe("2", EVENTS, Map.of());

            var error = socket.receive("error").path("payload").path(0);
            assertThat(error.path("message").asString()).contains("Your account has reached its maximum");
            assertThat(error.path("extensions").path("status").asInt()).isEqualTo(429);
        }
    }

    @Test
    void operationsOfASocketCountAsWrites() {
        try (var socket = RawSocket.ready(instance, Map.of("Authorization", "Bearer " + token()))) {
            for (var i = 0; i < 3; i++) {
                socket.subscribe("1", "{ __typename }", Map.of());
                socket.receive("next");
                socket.receive("complete");
            }
            socket.subscribe("1", "{ __typename }", Map.of());

            assertThat(socket.receive("error")
                            .path("payload")
                            .path(0)
                            .path("message")
                            .asString())
                    .contains("Rate limit reached: 3 writes per 3600 s per account.");
        }
    }

    @Test
    void shutdownAnnouncesItselfOnBothTransports() throws IOException {
        var stopping = Freshet.start(Map.of());
        try (var idle = RawSocket.ready(stopping, Map.of());
                var socket = RawSocket.ready(stopping, Map.of());
                var stream = RawHttp.open(stopping.port())) {
            stream.send(request(EVENTS, ""));
            assertThat(stream.readTo("LIVE")).contains("LIVE");
            socket.subscribe("1", EVENTS, Map.of());
            assertThat(socket.event().path("type").asString()).isEqualTo("LIVE");
            stopping.close();

            assertThat(stream.rest())
                    .contains("\"type\":\"CLOSING\"", "\"reason\":\"draining\"")
                    .doesNotContain("event:complete");
            assertThat(socket.event().path("reason").asString()).isEqualTo("draining");
            assertThat(socket.closed()).isEqualTo(1012);
            assertThat(idle.closed()).isEqualTo(1012);
        }
    }

    private static String request(String document, String headers) {
        var body = JsonMapper.shared().writeValueAsString(Map.of("query", document));
        return "POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + headers
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String token() {
        var account = instance.account("Reader " + UUID.randomUUID(), Role.READER);
        return get(instance.bean(Tokens.class)
                .issue(account, Set.of(Scope.ARTICLES_READ), Duration.ofHours(1), UUID.randomUUID()));
    }

    /** Returns the streams of the flood, as operators see them. */
    private static List<JsonNode> streams() {
        var reply = instance.get("/api/v1/streams", "Authorization", "Bearer " + operator);
        return reply.json()
                .path("items")
                .valueStream()
                .filter(stream -> stream.path("feed").toString().contains("flood"))
                .toList();
    }
}
