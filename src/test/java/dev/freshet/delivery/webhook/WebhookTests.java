package dev.freshet.delivery.webhook;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.delivery.Owner;
import dev.freshet.delivery.Receiver;
import dev.freshet.delivery.Receiver.Reply;
import dev.freshet.delivery.Receiver.Request;
import dev.freshet.identity.account.Role;
import dev.freshet.platform.http.RetryAfter;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Webhooks to a server on this machine. */
class WebhookTests {

    private static final Map<String, String> SETTINGS = Map.of(
            "freshet.fetch.allow", "127.0.0.1",
            "freshet.subscriptions.first-retry", "20ms",
            "freshet.subscriptions.max-retry", "100ms",
            "freshet.subscriptions.failing-after", "2",
            "freshet.subscriptions.refusals", "2",
            "freshet.subscriptions.max-rejected", "2");
    private static final AtomicInteger TAGS = new AtomicInteger();

    private static Freshet instance;
    private static LogWriter writer;
    private static Owner owner;

    private final Receiver receiver = new Receiver();
    private final String tag = "webhook-" + TAGS.incrementAndGet();

    @BeforeAll
    static void start() {
        instance = Freshet.shared(SETTINGS);
        writer = new LogWriter(instance);
        owner = new Owner(instance, Role.READER);
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private List<String> publish(String... titles) {
        return Arrays.stream(titles)
                .map(title -> get(writer.publish(title, tag)).toString())
                .toList();
    }

    private void receives(int events) {
        until(() -> receiver.ids().size() >= events);
    }

    @Test
    void eventsArriveInOrderAsCloudEvents() {
        owner.webhook(receiver, tag, "");
        var cursors = publish(IntStream.range(0, 20).mapToObj(i -> "Title " + i).toArray(String[]::new));
        receives(20);

        assertThat(receiver.ids()).isEqualTo(cursors);
        assertThat(receiver.requests()).hasSize(20);
        var request = receiver.requests().getFirst();
        assertThat(request.header("Content-Type")).isEqualTo("application/cloudevents+json");
        assertThat(request.header("webhook-id")).isEqualTo(cursors.getFirst());
        assertThat(Instant.ofEpochSecond(Long.parseLong(request.header("webhook-timestamp"))))
                .isBetween(Instant.now().minus(TIMEOUT), Instant.now());
        var event = request.events().getFirst();
        assertThat(event.path("specversion").asString()).isEqualTo("1.0");
        assertThat(event.path("type").asString()).isEqualTo("article.published");
        assertThat(event.path("subject").asString())
                .isEqualTo(event.path("data").path("id").asString());
        assertThat(event.path("data").path("title").asString()).isEqualTo("Title 0");
        assertThat(event.path("data").has("body")).isFalse();
        assertThat(Instant.parse(event.path("time").asString())).isBeforeOrEqualTo(Instant.now());
        assertThat(event.path("sequence").asString()).hasSize(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmac-sha256", "ed25519"})
    void signatureVerifiesWithEachValidKey(String algorithm) {
        var subscription = owner.webhook(receiver, tag, "");
        var changed = owner.send(
                HttpMethod.PATCH,
                Owner.path(subscription),
                "{\"target\":{\"type\":\"webhook\",\"url\":\"" + receiver.url() + "\",\"signature\":\"" + algorithm
                        + "\"}}");
        assertThat(changed.code()).isEqualTo(200);
        var first = newKey(subscription);
        var second = newKey(subscription);
        var published = new AtomicInteger();
        // Deliveries that began before the change of keys use the former ones.
        until(() -> {
            publish("Signed");
            receives(published.incrementAndGet());
            var last = receiver.requests().getLast();
            return verifies(signatures(last)[0], second, last);
        });

        var request = receiver.requests().getLast();
        var signatures = signatures(request);
        assertThat(verifies(signatures[1], first, request)).isTrue();
        assertThat(verifies(signatures[0], first, request)).isFalse();
        assertThat(owner.send(HttpMethod.GET, Owner.path(subscription), null).body())
                .doesNotContain("whsec_")
                .doesNotContain("whpk_");
    }

    private static String[] signatures(Request request) {
        return request.header("webhook-signature").split(" ", -1);
    }

    private static String newKey(JsonNode subscription) {
        return owner.send(HttpMethod.POST, Owner.path(subscription) + "/key", null)
                .text("key");
    }

    /** Verifies as the specification says, with nothing of the program. */
    private static boolean verifies(String signature, String key, Request request) {
        try {
            return isSignedBy(key, signature, request);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isSignedBy(String key, String signature, Request request) throws GeneralSecurityException {
        var message = (request.header("webhook-id") + "." + request.header("webhook-timestamp") + "." + request.body())
                .getBytes(StandardCharsets.UTF_8);
        var secret = Base64.getDecoder().decode(key.substring(key.indexOf('_') + 1));
        var value = Base64.getDecoder().decode(signature.substring(signature.indexOf(',') + 1));
        if (key.startsWith("whsec_")) {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signature.startsWith("v1,") && Arrays.equals(mac.doFinal(message), value);
        }
        // The fixed start of an Ed25519 key in X.509 (RFC 8410).
        var encoded = HexFormat.of()
                .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(secret));
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update(message);
        return signature.startsWith("v1a,") && verifier.verify(value);
    }

    @Test
    void targetThatDoesNotConfirmReceivesNoEvent() {
        receiver.all(request -> Reply.of(200));
        var subscription = owner.webhook(receiver, tag, "");
        publish("Unwanted");
        until(() -> owner.read(subscription, "/state").equals("ended"));

        assertThat(receiver.requests()).isEmpty();
        assertThat(receiver.count()).isEqualTo(10);
        assertThat(owner.read(subscription, "/lastError/message")).contains("challenge");
    }

    @Test
    void challengeMayBeReturnedAsJson() {
        receiver.all(request -> request.events().getFirst().path("data").has("challenge")
                ? Mono.just(new Reply(
                        200,
                        request.events().getFirst().path("data").toString(),
                        Map.of("Content-Type", "application/json")))
                : Reply.of(204));
        owner.webhook(receiver, tag, "");
        publish("Wanted");
        receives(1);
    }

    @Test
    void failedDeliveryIsRepeatedInOrder() {
        var subscription = owner.webhook(receiver, tag, "");
        var failures = new AtomicInteger(5);
        receiver.events(request -> Reply.of(failures.getAndDecrement() > 0 ? 503 : 200));
        var cursors = publish("One", "Two", "Three");
        receives(8);

        var expected = new ArrayList<>(Collections.nCopies(6, cursors.getFirst()));
        expected.addAll(cursors.subList(1, 3));
        assertThat(receiver.ids()).isEqualTo(expected);
        assertThat(receiver.requests().stream().limit(6).map(request -> request.header("webhook-id")))
                .containsOnly(cursors.getFirst());
        until(() -> owner.read(subscription, "/delivered").equals("3"));
        assertThat(owner.read(subscription, "/attempts")).isEqualTo("9");
    }

    @Test
    void failingTargetIsReportedAndHeld() {
        var subscription = owner.webhook(receiver, tag, "");
        var works = new AtomicInteger();
        receiver.events(request -> Reply.of(works.get() == 0 ? 500 : 200));
        var cursors = publish("One", "Two");
        until(() -> owner.read(subscription, "/state").equals("failing"));

        var state = owner.read(subscription);
        assertThat(state.at("/lastError/message").asString()).isEqualTo("The target returned the status 500.");
        assertThat(Instant.parse(state.at("/failingSince").asString())).isBeforeOrEqualTo(Instant.now());
        assertThat(state.at("/lag/events").asLong()).isPositive();
        assertThat(state.at("/delivered").asLong()).isZero();
        works.set(1);
        until(() -> owner.read(subscription, "/delivered").equals("2"));
        assertThat(receiver.ids()).endsWith(cursors.toArray(String[]::new));
        assertThat(owner.read(subscription).has("failingSince")).isFalse();
        assertThat(owner.read(subscription, "/state")).isEqualTo("active");
    }

    @Test
    void refusedEventIsListedAndCanBeSentAgain() {
        var subscription = owner.webhook(receiver, tag, "");
        receiver.events(request -> Reply.of(request.body().contains("Bad") ? 422 : 200));
        var cursors = publish("One", "Bad", "Two");
        until(() -> receiver.titles().contains("Two"));

        assertThat(receiver.titles()).containsExactly("One", "Bad", "Bad", "Two");
        var path = Owner.path(subscription) + "/rejected";
        var listed = owner.send(HttpMethod.GET, path, null).json().path("items");
        assertThat(listed.size()).isEqualTo(1);
        assertThat(listed.at("/0/cursor").asString()).isEqualTo(cursors.get(1));
        assertThat(listed.at("/0/error").asString()).contains("422");
        assertThat(owner.read(subscription, "/lag/rejected")).isEqualTo("1");

        var refused = owner.send(HttpMethod.POST, path + "/" + cursors.get(1), null);
        assertThat(refused.text("delivered")).isEqualTo("false");
        receiver.events(request -> Reply.of(200));
        var taken = owner.send(HttpMethod.POST, path + "/" + cursors.get(1), null);
        assertThat(taken.text("delivered")).isEqualTo("true");
        assertThat(receiver.titles()).endsWith("Bad", "Bad");
        assertThat(owner.send(HttpMethod.GET, path, null).json().path("items").size())
                .isZero();
        assertThat(owner.send(HttpMethod.POST, path + "/" + cursors.get(1), null)
                        .code())
                .isEqualTo(404);
    }

    @Test
    void fullListOfRejectedEventsHoldsTheCursor() {
        var subscription = owner.webhook(receiver, tag, "");
        receiver.events(request -> Reply.of(400));
        var cursors = publish("One", "Two", "Three", "Four");
        until(() -> owner.read(subscription, "/lastError/message").contains("is full"));

        var path = Owner.path(subscription) + "/rejected/";
        assertThat(receiver.titles()).doesNotContain("Four");
        assertThat(owner.send(HttpMethod.DELETE, path + cursors.getFirst(), null)
                        .code())
                .isEqualTo(204);
        until(() -> receiver.titles().contains("Four"));
    }

    @Test
    void batchesAreDeliveredOnRequest() {
        var subscription = owner.webhook(receiver, tag, ",\"batch\":10,\"content\":true");
        until(() -> owner.read(subscription, "/state").equals("active"));
        owner.change(subscription, "{\"state\":\"paused\"}");
        get(writer.publishAll(25, tag));
        owner.change(subscription, "{\"state\":\"active\"}");
        receives(25);

        assertThat(receiver.requests().stream().map(request -> request.events().size()))
                .containsExactly(10, 10, 5);
        assertThat(receiver.requests().getFirst().header("Content-Type"))
                .isEqualTo("application/cloudevents-batch+json");
        assertThat(receiver.events())
                .allSatisfy(
                        event -> assertThat(event.at("/data/html").asString()).isEqualTo("h"));
        assertThat(receiver.ids()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void refusedBatchIsSentOneByOne() {
        var subscription = owner.webhook(receiver, tag, ",\"batch\":10");
        until(() -> owner.read(subscription, "/state").equals("active"));
        owner.change(subscription, "{\"state\":\"paused\"}");
        receiver.events(request -> Reply.of(request.body().contains("Bad") ? 400 : 200));
        publish("One", "Two", "Bad", "Three");
        owner.change(subscription, "{\"state\":\"active\"}");
        until(() -> owner.read(subscription, "/delivered").equals("3"));

        var taken = receiver.requests().stream()
                .filter(request -> !request.body().contains("Bad"))
                .flatMap(request -> request.events().stream())
                .map(event -> event.at("/data/title").asString());
        assertThat(taken).containsExactly("One", "Two", "Three");
        assertThat(owner.read(subscription, "/lag/rejected")).isEqualTo("1");
    }

    @Test
    void goneEndsTheSubscriptionUntilItIsResumed() {
        var subscription = owner.webhook(receiver, tag, "");
        receiver.events(request -> Reply.of(410));
        publish("One");
        until(() -> owner.read(subscription, "/state").equals("ended"));

        assertThat(receiver.requests()).hasSize(1);
        receiver.events(request -> Reply.of(200));
        assertThat(owner.change(subscription, "{\"state\":\"active\"}")
                        .path("state")
                        .asString())
                .isEqualTo("unverified");
        receives(2);
        assertThat(receiver.titles()).containsExactly("One", "One");
    }

    @Test
    void retryAfterIsHonoured() {
        var subscription = owner.webhook(receiver, tag, "");
        receiver.events(request -> Mono.just(new Reply(429, "", Map.of("Retry-After", "7200"))));
        var before = Instant.now();
        publish("One");
        until(() -> owner.read(subscription).has("nextAttemptAt"));

        assertThat(Instant.parse(owner.read(subscription, "/nextAttemptAt")))
                .isBetween(
                        before.plusSeconds(7190),
                        before.plus(Duration.ofHours(2)).plus(TIMEOUT));
    }

    @ParameterizedTest
    @CsvSource({"120,120", "'Thu, 01 Jan 2026 00:02:00 GMT',120", "x,", "-5,", "'Wed, 31 Dec 2025 00:00:00 GMT',"})
    void retryAfterIsSecondsOrADate(String value, Long seconds) {
        assertThat(RetryAfter.parse(value, Instant.parse("2026-01-01T00:00:00Z")))
                .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }

    @Test
    void redirectIsNotFollowed() {
        try (var elsewhere = new Receiver()) {
            receiver.all(request -> Mono.just(new Reply(302, "", Map.of("Location", elsewhere.url()))));
            var subscription = owner.webhook(receiver, tag, "");
            until(() -> owner.read(subscription, "/lastError/message").contains("302"));
            assertThat(elsewhere.count()).isZero();
        }
    }

    @Test
    void privateAddressIsNeverContacted() {
        var guarded = Freshet.shared(Map.of());
        var other = new Owner(guarded, Role.READER);
        for (var url : List.of(receiver.url(), receiver.url().replace("127.0.0.1", "localhost"))) {
            var subscription = other.webhook(url, tag, "");
            until(() -> other.read(subscription, "/lastError/message").contains("not public"));
            var test = other.send(HttpMethod.POST, Owner.path(subscription) + "/test", null);
            assertThat(test.text("error")).contains("not public").doesNotContain("127.0.0.1");
        }
        assertThat(receiver.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"webhook\"}",
                "{\"type\":\"webhook\",\"url\":\"ftp://example.org/\"}",
                "{\"type\":\"webhook\",\"url\":\"http://user:secret@example.org/\"}",
                "{\"type\":\"webhook\",\"url\":\"https://example.org/\",\"signature\":\"md5\"}",
                "{\"type\":\"webhook\",\"url\":\"https://example.org/\",\"method\":\"PUT\"}",
                "{\"type\":\"webhook\",\"url\":5}",
                "{\"type\":\"pigeon\",\"url\":\"https://example.org/\"}",
                "{}",
                "[]",
                "null"
            })
    void invalidTargetIsRefused(String target) {
        assertThat(owner.send(HttpMethod.POST, "", "{\"name\":\"x\",\"target\":" + target + "}")
                        .code())
                .isEqualTo(400);
    }

    @Test
    void testEventReachesTheTarget() {
        var subscription = owner.webhook(receiver, tag, "");
        var result = owner.send(HttpMethod.POST, Owner.path(subscription) + "/test", null);

        assertThat(result.body()).isEqualTo("{\"delivered\":true}");
        assertThat(receiver.events().map(event -> event.path("type").asString()))
                .containsExactly("subscription.test");
    }

    /** The names that the dashboard and the alerts use. */
    @Test
    void metricsShowStatesAndOutcomes() {
        var subscription = owner.webhook(receiver, tag, "");
        receiver.events(request -> Reply.of(503));
        publish("Measured");
        until(() -> owner.read(subscription, "/state").equals("failing"));
        var token = "Bearer " + instance.token(Role.ADMIN);

        until(() -> {
            var metrics =
                    instance.get("/actuator/prometheus", "Authorization", token).body();
            return metrics.lines().anyMatch(line -> line.matches("freshet_subscriptions\\{state=\"failing\"} [1-9].*"))
                    && metrics.lines().anyMatch(line -> line.matches("freshet_subscriptions_lag [1-9].*"))
                    && metrics.lines()
                            .anyMatch(
                                    line -> line.matches(
                                            "freshet_subscription_attempts_seconds_count\\{outcome=\"failed\",type=\"webhook\"} .*"));
        });
        receiver.events(request -> Reply.of(200));
        receives(1);
        until(() -> instance.get("/actuator/prometheus", "Authorization", token)
                .body()
                .lines()
                .anyMatch(line -> line.matches("freshet_subscription_events_total\\{type=\"webhook\"} [1-9].*")));
    }
}
