package dev.freshet.graphql;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.IdentityChanges;
import dev.freshet.identity.credential.Revocations;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.CapturesOutput;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;
import tools.jackson.databind.JsonNode;

/** Operations over the protocol graphql-transport-ws. */
@CapturesOutput
class GraphQlSocketTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String EVENTS_OF_TAG = "subscription($tag: String!, $since: String) {"
            + " events(filter: {tags: [$tag]}, since: $since, announce: true) {"
            + " type cursor id reason article { title body } } }";

    private final Gql author = new Gql(INSTANCE, INSTANCE.token(Role.AUTHOR));
    private final String tag = "tag-" + UUID.randomUUID();

    @Test
    void queryHasOneResult() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            socket.subscribe("é\"1", "{ me { scopes } articles(first: 1) { cursor } }", Map.of());

            var next = socket.receive("next");
            assertThat(next.path("id").asString()).isEqualTo("é\"1");
            assertThat(next.path("payload").path("data").path("me").isNull()).isTrue();
            assertThat(socket.receive("complete").path("id").asString()).isEqualTo("é\"1");
        }
    }

    @Test
    void cachedQueryHasTheSameResult() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            var document = "query($tag: String!) { articles(filter: {tags: [$tag]}) { nodes { title } } }";
            socket.subscribe("1", document, Map.of("tag", tag));
            var first = socket.receive("next").path("payload");
            socket.receive("complete");
            socket.subscribe("1", document, Map.of("tag", tag));

            assertThat(socket.receive("next").path("payload")).isEqualTo(first);
        }
    }

    @Test
    void invalidDocumentHasErrorsOnly() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            for (var document : List.of(
                    "{ unknown }",
                    "subscription { events(since: \"never\") { type } }",
                    "subscription { events(filter: {following: true}) { type } }",
                    "{ ...F } fragment F on Query { ...F }")) {
                socket.subscribe("1", document, Map.of());

                var errors = socket.receive("error").path("payload");
                assertThat(errors.isArray()).as(document).isTrue();
                assertThat(errors.path(0).path("extensions").path("status").asInt())
                        .as(document)
                        .isBetween(400, 499);
            }
        }
    }

    @Test
    void requestThatIsNoneHasErrorsOnly() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            socket.send("subscribe", Map.of("id", "1", "payload", Map.of("unknown", 1)));

            assertThat(socket.receive("error")
                            .path("payload")
                            .path(0)
                            .path("message")
                            .asString())
                    .contains("Known parameters");
        }
    }

    @Test
    void mutationTakesTheTokenOfTheConnectionParameters() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of("authorization", "Bearer " + author.token()))) {
            socket.subscribe(
                    "1",
                    "mutation($tag: String!) { createArticle(input: {title: \"By socket\", tags: [$tag], status: PUBLISHED})"
                            + " { article { title } } }",
                    Map.of("tag", tag));

            assertThat(socket.receive("next")
                            .path("payload")
                            .path("data")
                            .path("createArticle")
                            .path("article")
                            .path("title")
                            .asString())
                    .isEqualTo("By socket");
        }
    }

    @Test
    void handshakeMayCarryTheToken() {
        try (var socket = RawSocket.open(INSTANCE, "Authorization: Bearer " + author.token())) {
            socket.send("connection_init", Map.of());
            socket.receive("connection_ack");
            socket.subscribe("1", "{ me { scopes } }", Map.of());

            assertThat(socket.receive("next")
                            .path("payload")
                            .path("data")
                            .path("me")
                            .path("scopes"))
                    .isNotEmpty();
        }
    }

    @Test
    void invalidTokenIsForbidden() {
        for (var authorization : List.of("Bearer invalid", "Basic YTpi", "")) {
            try (var socket = RawSocket.open(INSTANCE)) {
                socket.send("connection_init", Map.of("payload", Map.of("Authorization", authorization)));

                assertThat(socket.closed()).as(authorization).isEqualTo(4403);
            }
        }
        try (var socket = RawSocket.open(INSTANCE, "Authorization: Bearer invalid")) {
            assertThat(socket.response()).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void pageOfAnotherSiteGetsNoSocket() {
        try (var foreign = RawSocket.open(INSTANCE, "Origin: https://example.org");
                var own = RawSocket.open(INSTANCE, "Origin: http://127.0.0.1:" + INSTANCE.port())) {
            assertThat(foreign.response()).startsWith("HTTP/1.1 403 ");
            assertThat(own.response()).startsWith("HTTP/1.1 101 ").contains("X-Content-Type-Options");
        }
    }

    @Test
    void otherHandshakesAreRefused() throws IOException {
        var handshake = String.join(
                "\r\n",
                "GET /graphql HTTP/1.1",
                "Host: localhost",
                "Connection: Upgrade",
                "Connection: close",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: %s",
                "Sec-WebSocket-Protocol: %s",
                "%s",
                "",
                "");
        var key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
        for (var refused : List.of(
                handshake.formatted("8", "graphql-transport-ws", key),
                handshake.formatted("13", "graphql-ws", key),
                handshake.formatted("13", "graphql-transport-ws", "Accept: */*"))) {
            var answer = RawHttp.send(INSTANCE.port(), refused.getBytes(StandardCharsets.US_ASCII));
            assertThat(answer.status()).as(refused).isEqualTo(400);
            assertThat(answer.body()).as(refused).contains("/problems/invalid-request");
        }
    }

    @Test
    void subscriptionHasMissedAndLiveEvents() {
        publish("Missed");
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            socket.subscribe("1", EVENTS_OF_TAG, Map.of("tag", tag, "since", "earliest"));
            var missed = socket.event();
            assertThat(socket.event().path("type").asString()).isEqualTo("LIVE");
            publish("Live");
            var live = socket.event();

            assertThat(missed.path("article").path("body").asString()).isEqualTo("Text.");
            assertThat(live.path("article").path("title").asString()).isEqualTo("Live");

            socket.subscribe(
                    "2",
                    EVENTS_OF_TAG,
                    Map.of("tag", tag, "since", missed.path("cursor").asString()));
            assertThat(socket.event()).isEqualTo(live);
        }
    }

    @Test
    void unknownCursorBeginsWithAReset() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            socket.subscribe("1", EVENTS_OF_TAG, Map.of("tag", tag, "since", "ffffffff-1"));

            assertThat(socket.event().path("type").asString()).isEqualTo("RESET");
        }
    }

    @Test
    void boundedSubscriptionCompletes() {
        publish("Only");
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            socket.subscribe(
                    "1",
                    "subscription($tag: String!) {"
                            + " events(filter: {tags: [$tag]}, since: \"earliest\", follow: false) { article { title } } }",
                    Map.of("tag", tag));

            socket.receive("next");
            socket.receive("complete");
        }
    }

    @Test
    void subscriptionsOfOneSocketAreIndependent() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            for (var id : List.of("1", "2", "3")) {
                socket.subscribe(id, EVENTS_OF_TAG, Map.of("tag", tag));
                assertThat(socket.event().path("type").asString()).isEqualTo("LIVE");
            }
            socket.send("complete", Map.of("id", "2"));
            socket.subscribe("4", "{ __typename }", Map.of());
            socket.receive("next");
            socket.receive("complete");
            publish("For two");

            var ids = new HashSet<String>();
            for (var i = 0; i < 2; i++) {
                ids.add(socket.receive("next").path("id").asString());
            }
            assertThat(ids).containsExactlyInAnyOrder("1", "3");
            socket.subscribe("2", "{ __typename }", Map.of());
            assertThat(socket.receive("next").path("id").asString()).isEqualTo("2");
        }
    }

    @Test
    void operationsOfASocketAreLimited() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            for (var id = 0; id < 100; id++) {
                socket.subscribe("" + id, EVENTS_OF_TAG, Map.of("tag", tag));
            }
            socket.subscribe("beyond", "{ __typename }", Map.of());

            JsonNode message;
            do {
                message = socket.receive();
            } while (!message.path("id").asString().equals("beyond"));
            assertThat(message.path("type").asString()).isEqualTo("error");
            assertThat(message.path("payload")
                            .path(0)
                            .path("extensions")
                            .path("status")
                            .asInt())
                    .isEqualTo(429);
        }
    }

    @Test
    void duplicateIdClosesTheSocket() {
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            socket.subscribe("ü".repeat(100), EVENTS_OF_TAG, Map.of("tag", tag));
            socket.subscribe("ü".repeat(100), EVENTS_OF_TAG, Map.of("tag", tag));

            assertThat(socket.closed()).isEqualTo(4409);
        }
    }

    @Test
    void expiryEndsTheSocketAfterItsNotice() {
        var account = INSTANCE.account("Expiring " + tag, Role.READER);
        var token = get(INSTANCE.bean(Tokens.class)
                .issue(account, Set.of(Scope.ARTICLES_READ), Duration.ofSeconds(3), UUID.randomUUID()));
        try (var socket = RawSocket.ready(INSTANCE, Map.of("Authorization", "Bearer " + token))) {
            socket.subscribe("1", EVENTS_OF_TAG, Map.of("tag", tag));

            var types = List.of(socket.event(), socket.event());
            // On a busy machine, the expiry may be near before the stream is.
            assertThat(types)
                    .extracting(event -> event.path("type").asString())
                    .containsExactlyInAnyOrder("LIVE", "EXPIRING");
            assertThat(socket.event().path("reason").asString()).isEqualTo("expired");
            assertThat(socket.closed()).isEqualTo(4403);
        }
    }

    @Test
    void revocationEndsAllStreamsOfTheSocket() {
        var session = UUID.randomUUID();
        try (var socket = RawSocket.ready(INSTANCE, Map.of("Authorization", "Bearer " + revocable(session)))) {
            for (var id : List.of("1", "2")) {
                socket.subscribe(id, EVENTS_OF_TAG, Map.of("tag", tag));
                assertThat(socket.event().path("type").asString()).isEqualTo("LIVE");
            }
            revoke(session);

            for (var i = 0; i < 2; i++) {
                var event = socket.event();
                assertThat(event.path("type").asString()).isEqualTo("CLOSING");
                assertThat(event.path("reason").asString()).isEqualTo("revoked");
            }
            assertThat(socket.closed()).isEqualTo(4403);
        }
    }

    @Test
    void queryAfterTheRevocationIsRefused() {
        var session = UUID.randomUUID();
        try (var socket = RawSocket.ready(INSTANCE, Map.of("Authorization", "Bearer " + revocable(session)))) {
            revoke(session);
            socket.subscribe("1", "{ me { id } }", Map.of());

            assertThat(socket.closed()).isEqualTo(4403);
        }
    }

    @Test
    void closedSocketReleasesItsStreams() {
        var subscriptions = new String[] {"a" + tag, "b" + tag};
        try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
            for (var name : subscriptions) {
                socket.subscribe(name, EVENTS_OF_TAG, Map.of("tag", name));
                socket.event();
            }
            assertThat(streams()).contains(subscriptions);
        }
        until(() -> List.of(subscriptions).stream().noneMatch(streams()::contains));
    }

    @Test
    void fuzzedMessagesCauseNoServerFault(CapturedOutput output) {
        var random = new Random(20);
        for (var i = 0; i < 60; i++) {
            try (var socket = RawSocket.ready(INSTANCE, Map.of())) {
                socket.subscribe("1", EVENTS_OF_TAG, Map.of("tag", tag));
                for (var frames = random.nextInt(1, 6); frames > 0; frames--) {
                    fuzz(socket, random);
                }
                socket.send("no JSON");
                socket.end();
                assertThat(socket.closed()).isIn(0, 1002, 1007, 1009, 4400, 4401, 4409, 4429, 1000);
            }
        }
        assertThat(output).doesNotContain("A socket ends with a fault", "/problems/internal", "LEAK");
    }

    private static void fuzz(RawSocket socket, Random random) {
        var bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        switch (random.nextInt(6)) {
            case 0 -> socket.bytes(bytes);
            case 1 -> socket.frame(random.nextInt(16), random.nextBoolean(), bytes);
            case 2 ->
                socket.send("{\"type\":\""
                        + List.of("subscribe", "complete", "ping", "pong", "connection_init", "x")
                                .get(random.nextInt(6))
                        + "\",\"id\":" + value(random) + ",\"payload\":" + value(random) + "}");
            case 3 -> socket.send("[".repeat(random.nextInt(1, 5000)));
            case 4 -> socket.send("subscribe", Map.of("id", "" + random.nextInt(), "payload", Map.of("query", "{")));
            default ->
                socket.send("{\"type\":\"subscribe\",\"id\":\"x\",\"payload\":{\"query\":" + value(random)
                        + ",\"variables\":" + value(random) + "}}");
        }
    }

    private static String value(Random random) {
        return List.of(
                        "null",
                        "1",
                        "\"\"",
                        "\"1\"",
                        "\"\\ud800\"",
                        "{}",
                        "[]",
                        "{\"query\":1}",
                        "true",
                        "1e999",
                        "{\"a\":null}")
                .get(random.nextInt(11));
    }

    /** Returns the open streams as operators see them. */
    private String streams() {
        return INSTANCE.get("/api/v1/streams?limit=1000", "Authorization", "Bearer " + INSTANCE.token(Role.ADMIN))
                .body();
    }

    private String revocable(UUID session) {
        var account = INSTANCE.account("Revoked " + UUID.randomUUID(), Role.READER);
        return get(
                INSTANCE.bean(Tokens.class).issue(account, Set.of(Scope.ARTICLES_READ), Duration.ofHours(1), session));
    }

    private static void revoke(UUID session) {
        INSTANCE.bean(Revocations.class)
                .revoke(List.of(session), Instant.now().plusSeconds(600))
                .then(INSTANCE.bean(IdentityChanges.class).read())
                .block(Freshet.TIMEOUT);
    }

    private void publish(String title) {
        author.data(
                "mutation($title: String!, $tag: String!) { createArticle("
                        + "input: {title: $title, body: \"Text.\", tags: [$tag], status: PUBLISHED}) { id } }",
                Map.of("title", title, "tag", tag));
    }
}
