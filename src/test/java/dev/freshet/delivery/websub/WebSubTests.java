package dev.freshet.delivery.websub;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.delivery.Receiver;
import dev.freshet.delivery.Receiver.Reply;
import dev.freshet.delivery.Receiver.Request;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;

/** The scenarios of websub.rocks for hubs (the numbers in the names) and for publishers, and those of the specification. */
class WebSubTests {

    private static final Map<String, String> SETTINGS = Map.of(
            "freshet.fetch.allow", "127.0.0.1",
            "freshet.syndication.own-hub", "true",
            "freshet.websub.max-subscriptions", "100",
            "freshet.subscriptions.first-retry", "20ms",
            "freshet.subscriptions.max-retry", "50ms");
    private static final AtomicInteger TAGS = new AtomicInteger();

    private static Freshet instance;
    private static LogWriter writer;

    private final Receiver receiver = new Receiver();
    private final AtomicBoolean confirms = new AtomicBoolean(true);
    private final AtomicInteger status = new AtomicInteger(200);
    private final String tag = "websub-" + TAGS.incrementAndGet();

    @BeforeAll
    static void start() {
        instance = Freshet.shared(SETTINGS);
        writer = new LogWriter(instance);
    }

    @BeforeEach
    void answer() {
        receiver.all(request -> request.method().equals("GET")
                ? Mono.just(new Reply(
                        200, confirms.get() ? String.valueOf(parameter(request, "hub.challenge")) : "no", Map.of()))
                : Reply.of(status.get()));
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private static @Nullable String parameter(Request request, String name) {
        var value = UriComponentsBuilder.fromUriString(request.uri())
                .build(true)
                .getQueryParams()
                .getFirst(name);
        return value == null ? null : URLDecoder.decode(value, StandardCharsets.UTF_8);
    }

    private String topic(String format) {
        return instance.url() + "/api/v1/articles?format=" + format + "&tag=" + tag;
    }

    private Freshet.Reply send(String mode, String topic, String callback, String more) {
        var form = "hub.mode=" + mode + "&hub.topic=" + encode(topic) + "&hub.callback=" + encode(callback) + more;
        return get(instance.client()
                .post()
                .uri("/hub")
                .header(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
                .bodyValue(form)
                .exchangeToMono(response -> response.bodyToMono(String.class)
                        .defaultIfEmpty("")
                        .map(body -> new Freshet.Reply(
                                response.statusCode(), response.headers().asHttpHeaders(), body))));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void subscribe(String format, String more) {
        assertThat(send("subscribe", topic(format), receiver.url(), more).code())
                .isEqualTo(202);
        until(() -> stored() == 1);
    }

    /** Subscribes another callback, which receives the next event even if this test's callback does not. */
    private void subscribe(Receiver witness) {
        witness.all(request -> request.method().equals("GET")
                ? Mono.just(new Reply(200, String.valueOf(parameter(request, "hub.challenge")), Map.of()))
                : Reply.of(200));
        send("subscribe", topic("atom"), witness.url(), "");
        until(() -> stored(witness) == 1);
    }

    private long stored() {
        return stored(receiver);
    }

    private static long stored(Receiver receiver) {
        return get(instance.bean(DatabaseClient.class)
                .sql("select count(*) from subscription where target like :callback")
                .bind("callback", "%" + receiver.url() + "%")
                .mapValue(Long.class)
                .one());
    }

    private List<Request> verifications() {
        return receiver.requests().stream()
                .filter(request -> request.method().equals("GET"))
                .toList();
    }

    private List<Request> content() {
        return receiver.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    @Test
    void hub100_subscriberWithoutSecretReceivesContent() {
        subscribe("atom", "");
        get(writer.publish("Typical", tag));
        until(() -> !content().isEmpty());

        var verification = verifications().getFirst();
        assertThat(parameter(verification, "hub.mode")).isEqualTo("subscribe");
        assertThat(parameter(verification, "hub.topic")).isEqualTo(topic("atom"));
        assertThat(parameter(verification, "hub.lease_seconds")).isEqualTo("864000");
        var content = content().getFirst();
        assertThat(content.headers().contains("X-Hub-Signature")).isFalse();
        assertThat(content.body()).contains("<title>Typical</title>");
    }

    @Test
    void hub101_contentIsSignedWithTheSecret() throws GeneralSecurityException {
        subscribe("rss", "&hub.secret=s%C3%A9cret");
        get(writer.publish("Signed", tag));
        until(() -> !content().isEmpty());

        var content = content().getFirst();
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("s\u00e9cret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(content.header("X-Hub-Signature"))
                .isEqualTo("sha256="
                        + HexFormat.of().formatHex(mac.doFinal(content.body().getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void hub102_additionalParametersAreIgnored() {
        subscribe("atom", "&foo=bar&hub.verify=sync");
        get(writer.publish("More", tag));
        until(() -> !content().isEmpty());
    }

    @Test
    void hub103_repeatedRequestRenewsTheSubscription() {
        subscribe("atom", "&hub.lease_seconds=1000&hub.secret=old");
        subscribe("atom", "&hub.lease_seconds=2000&hub.secret=new");
        until(() -> verifications().size() == 2);
        until(() -> expiry().isAfter(Instant.now().plusSeconds(1500)));
        get(writer.publish("Renewed", tag));
        until(() -> !content().isEmpty());

        assertThat(parameter(verifications().get(1), "hub.lease_seconds")).isEqualTo("2000");
        assertThat(stored()).isEqualTo(1);
        assertThat(content()).hasSize(1);
    }

    private Instant expiry() {
        return get(instance.bean(DatabaseClient.class)
                .sql("select expires_at from subscription where target like :callback")
                .bind("callback", "%" + receiver.url() + "%")
                .mapValue(Instant.class)
                .one());
    }

    @Test
    void hub104_unsubscribedCallbackReceivesNothing() {
        try (var witness = new Receiver()) {
            subscribe("atom", "");
            assertThat(send("unsubscribe", topic("atom"), receiver.url(), "").code())
                    .isEqualTo(202);
            until(() -> stored() == 0);
            assertThat(parameter(verifications().getLast(), "hub.mode")).isEqualTo("unsubscribe");
            assertThat(parameter(verifications().getLast(), "hub.lease_seconds"))
                    .isNull();
            subscribe(witness);
            get(writer.publish("After", tag));
            until(() -> witness.count() == 2);
            assertThat(content()).isEmpty();
        }
    }

    /** 105 and 106 of websub.rocks: the content has the type of its topic. */
    @ParameterizedTest
    @CsvSource({
        "atom,application/atom+xml,<entry",
        "rss,application/rss+xml,<item>",
        "json-feed,application/feed+json,\"items\":[{"
    })
    void contentHasTheTypeAndLinksOfItsTopic(String format, String type, String part) {
        subscribe(format, "");
        get(writer.publish("Typed", tag));
        until(() -> !content().isEmpty());

        var content = content().getFirst();
        assertThat(content.header("Content-Type")).startsWith(type);
        assertThat(content.body()).contains(part).contains("Typed");
        assertThat(content.header("Link"))
                .isEqualTo("<" + instance.url() + "/hub>; rel=\"hub\", <" + topic(format) + ">; rel=\"self\"");
        assertThat(content.body())
                .isEqualTo(instance.get("/api/v1/articles?format=" + format + "&tag=" + tag)
                        .body());
    }

    @Test
    void callbackThatDoesNotConfirmIsNotSubscribed() {
        confirms.set(false);
        assertThat(send("subscribe", topic("atom"), receiver.url(), "").code()).isEqualTo(202);
        until(() -> verifications().size() == 1);
        awaitVerifications(instance);
        assertThat(stored()).isZero();
    }

    @Test
    void strangerCannotUnsubscribeACallback() {
        subscribe("atom", "");
        confirms.set(false);
        send("unsubscribe", topic("atom"), receiver.url(), "");
        until(() -> verifications().size() == 2);
        awaitVerifications(instance);
        assertThat(stored()).isEqualTo(1);
    }

    /** Waits until the hub has stored or dropped everything that it verified. */
    private static void awaitVerifications(Freshet hub) {
        var places = (Semaphore) Objects.requireNonNull(ReflectionTestUtils.getField(hub.bean(Hub.class), "places"));
        until(() -> places.availablePermits() == Hub.MAX_VERIFICATIONS);
    }

    @Test
    void queryOfTheCallbackIsKept() {
        send("subscribe", topic("atom"), receiver.url() + "?id=a%20b", "");
        until(() -> verifications().size() == 1);
        assertThat(verifications().getFirst().uri()).contains("?id=a%20b&hub.mode=subscribe");
    }

    @Test
    void expiredSubscriptionIsRemoved() {
        subscribe("atom", "");
        get(instance.bean(DatabaseClient.class)
                .sql("update subscription set expires_at = now() where target like :callback")
                .bind("callback", "%" + receiver.url() + "%")
                .fetch()
                .rowsUpdated());
        get(writer.publish("Late", tag));
        until(() -> stored() == 0);
        try (var witness = new Receiver()) {
            subscribe(witness);
            get(writer.publish("Later", tag));
            until(() -> witness.count() == 2);
        }
        assertThat(content()).isEmpty();
    }

    @Test
    void goneCallbackReceivesNoMore() {
        subscribe("atom", "");
        status.set(410);
        get(writer.publish("One", tag));
        until(() -> content().size() == 1);
        get(writer.publish("Two", tag));
        try (var witness = new Receiver()) {
            subscribe(witness);
            get(writer.publish("Three", tag));
            until(() -> witness.count() == 2);
        }
        assertThat(content()).hasSize(1);
    }

    @Test
    void failedDistributionIsRepeated() {
        subscribe("atom", "");
        status.set(500);
        get(writer.publish("Again", tag));
        until(() -> content().size() >= 3);
        status.set(200);
        until(() -> get(instance.bean(DatabaseClient.class)
                        .sql("select delivered from subscription where target like :callback")
                        .bind("callback", "%" + receiver.url() + "%")
                        .mapValue(Long.class)
                        .one())
                == 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hub.mode=subscribe&hub.callback=http%3A%2F%2F127.0.0.1%2F",
                "hub.mode=subscribe&hub.topic=TOPIC",
                "hub.topic=TOPIC&hub.callback=http%3A%2F%2F127.0.0.1%2F",
                "hub.mode=publish&hub.topic=TOPIC&hub.callback=http%3A%2F%2F127.0.0.1%2F",
                "hub.mode=subscribe&hub.topic=http%3A%2F%2Felsewhere.example%2Fapi%2Fv1%2Farticles%3Fformat%3Datom&hub.callback=http%3A%2F%2F127.0.0.1%2F",
                "hub.mode=subscribe&hub.topic=TOPIC&hub.callback=ftp%3A%2F%2F127.0.0.1%2F",
                "hub.mode=subscribe&hub.topic=TOPIC%26nonsense%3D1&hub.callback=http%3A%2F%2F127.0.0.1%2F",
                "hub.mode=subscribe&hub.topic=TOPIC&hub.callback=http%3A%2F%2F127.0.0.1%2F&hub.lease_seconds=x"
            })
    void invalidRequestIsRefused(String form) {
        var reply = get(instance.client()
                .post()
                .uri("/hub")
                .header(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
                .bodyValue(form.replace("TOPIC", encode(topic("atom"))))
                .exchangeToMono(response ->
                        response.releaseBody().thenReturn(response.statusCode().value())));
        assertThat(reply).isEqualTo(400);
    }

    @Test
    void serverWithoutHub_neitherServesNorDescribesOne() {
        var plain = Freshet.shared(Map.of());
        var reply = get(plain.client()
                .post()
                .uri("/hub")
                .header(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
                .bodyValue("hub.mode=subscribe")
                .exchangeToMono(response ->
                        response.releaseBody().thenReturn(response.statusCode().value())));
        assertThat(reply).isEqualTo(404);
        assertThat(plain.get("/openapi").json().get("paths").has("/hub")).isFalse();
        assertThat(instance.get("/openapi").json().get("paths").has("/hub")).isTrue();
    }

    @Test
    void privateCallbackIsNeverContacted() {
        var guarded = Freshet.shared(Map.of("freshet.syndication.own-hub", "true"));
        var form = "hub.mode=subscribe&hub.topic=" + encode(guarded.url() + "/api/v1/articles?format=atom")
                + "&hub.callback=" + encode(receiver.url());
        var reply = get(guarded.client()
                .post()
                .uri("/hub")
                .header(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
                .bodyValue(form)
                .exchangeToMono(response ->
                        response.releaseBody().thenReturn(response.statusCode().value())));
        assertThat(reply).isEqualTo(202);
        var places =
                (Semaphore) Objects.requireNonNull(ReflectionTestUtils.getField(guarded.bean(Hub.class), "places"));
        until(() -> places.availablePermits() == Hub.MAX_VERIFICATIONS);
        assertThat(receiver.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"atom", "rss", "json-feed"})
    void publisher_feedAnnouncesItsHubAndItself(String format) {
        get(writer.publish("Found", tag));
        var path = "/api/v1/articles?format=" + format + "&tag=" + tag;
        for (var method : new HttpMethod[] {HttpMethod.GET, HttpMethod.HEAD}) {
            var reply = get(instance.send(method, path, null));
            assertThat(String.join(", ", reply.headers().getOrEmpty(HttpHeaders.LINK)))
                    .contains(
                            "<" + instance.url() + "/hub>; rel=\"hub\"",
                            "<" + instance.url() + path + ">; rel=\"self\"");
        }
        assertThat(instance.get(path).body()).contains(instance.url() + "/hub");
    }

    @Test
    void adminsSeeSubscriptionsOfCallbacks() {
        subscribe("atom", "");
        var list = instance.get("/api/v1/subscriptions", "Authorization", "Bearer " + instance.token(Role.ADMIN));
        assertThat(list.body()).contains(receiver.url());
        var others = instance.get("/api/v1/subscriptions", "Authorization", "Bearer " + instance.token(Role.EDITOR));
        assertThat(others.body()).doesNotContain(receiver.url());
    }
}
