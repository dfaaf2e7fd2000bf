package dev.freshet.content.source;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.source.Site.Reply;
import dev.freshet.delivery.Receiver;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/** Subscriptions at hubs. The test is the hub, and calls the callbacks. */
class HubTests {

    private static final String ORIGIN = "https://reader.example";

    private static Freshet instance;

    private final Receiver hub = new Receiver();
    private final Site site = new Site();
    private final String tag = "hub-" + UUID.randomUUID();
    private final AtomicReference<String> feed = new AtomicReference<>(Site.atom("1=One"));
    private Publisher owner;
    private String topic;

    @BeforeAll
    static void start() {
        var settings = new LinkedHashMap<>(SourceTests.SETTINGS);
        settings.put("freshet.pages.public-url", ORIGIN + "/");
        instance = Freshet.shared(settings);
    }

    @BeforeEach
    void prepare() {
        owner = new Publisher(instance, Role.AUTHOR);
        topic = site.url("/topic");
        hub.all(request -> Receiver.Reply.of(202));
    }

    @AfterEach
    void stop() {
        hub.close();
        site.close();
    }

    private JsonNode subscribe() {
        var url = site.page(
                "/feed",
                request -> Reply.of(200, feed.get(), "Link", "<" + hub.url() + ">; rel=hub, </topic>; rel=\"x self\""));
        var source = owner.addAndPoll(url, ",\"tags\":[\"" + tag + "\"]", 1);
        until(() -> !hub.requests().isEmpty());
        return source;
    }

    private Map<String, String> form(int request) {
        return UriComponentsBuilder.fromUriString(
                        "/?" + hub.requests().get(request).body())
                .build()
                .getQueryParams()
                .toSingleValueMap();
    }

    private String secret(int request) {
        return String.valueOf(form(request).get("hub.secret"));
    }

    private Freshet.Reply verify(JsonNode source, String mode, String of) {
        return instance.get("/websub" + Publisher.path(source) + "?hub.mode=" + mode + "&hub.topic=" + of
                + "&hub.challenge=c-1&hub.lease_seconds=1000&hub.reason=no");
    }

    private Freshet.Reply distribute(JsonNode source, String signature, String body) {
        return get(instance.send(
                HttpMethod.POST,
                "/websub" + Publisher.path(source),
                body,
                "Content-Type",
                "application/atom+xml",
                "X-Hub-Signature",
                signature));
    }

    private static String sign(String method, String secret, String body) {
        try {
            var algorithm = "Hmac" + method.toUpperCase(Locale.ROOT);
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return method + "=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sourceSubscribesAtItsHub() {
        var source = subscribe();
        var form = form(0);
        assertThat(form.get("hub.mode")).isEqualTo("subscribe");
        assertThat(form.get("hub.topic")).contains("%2Ftopic");
        assertThat(form.get("hub.callback"))
                .contains("reader.example%2Fwebsub%2F" + source.path("id").asString());
        assertThat(form.get("hub.secret")).hasSize(64);
        assertThat(owner.read(source, "/hub/url")).isEqualTo(hub.url());
        assertThat(owner.read(source, "/hub/until")).isEmpty();

        assertThat(verify(source, "subscribe", "https://other.example/").code()).isEqualTo(404);
        assertThat(verify(source, "unsubscribe", topic).code()).isEqualTo(404);
        var confirmed = verify(source, "subscribe", topic);
        assertThat(confirmed.code()).isEqualTo(200);
        assertThat(confirmed.body()).isEqualTo("c-1");
        assertThat(Instant.parse(owner.read(source, "/hub/until")))
                .isBetween(
                        Instant.now().plus(Duration.ofSeconds(500)),
                        Instant.now().plus(Duration.ofSeconds(1000)));
    }

    @Test
    void messageMakesTheSourceDue() {
        var source = subscribe();
        verify(source, "subscribe", topic);
        var secret = secret(0);
        feed.set(Site.atom("2=Two", "1=One"));
        for (var forged : List.of("", "sha256=00", "sha256=xy", "md5=00", sign("sha256", "other", "x"))) {
            assertThat(distribute(source, forged, "x").code()).isEqualTo(202);
        }
        assertThat(get(instance.bean(DatabaseClient.class)
                        .sql("select count(*) from polled_source where pinged_at is not null and account = :account")
                        .bind("account", owner.account())
                        .mapValue(Long.class)
                        .one()))
                .isZero();
        assertThat(distribute(source, sign("sha512", secret, "<feed/>"), "<feed/>")
                        .code())
                .isEqualTo(202);
        until(() -> owner.titles(tag).contains("Two"));

        assertThat(site.requests("/feed").getLast().headers().get("Cache-Control"))
                .isEqualTo("no-cache");
    }

    @Test
    void subscriptionIsRenewedBeforeItsEnd() {
        var source = subscribe();
        verify(source, "subscribe", topic);
        var secret = secret(0);
        owner.poll(source);
        // The last request was a short time ago.
        assertThat(hub.requests()).hasSize(1);
        get(instance.bean(DatabaseClient.class)
                .sql("update polled_source set hub_requested_at = now() - interval '1 hour' where account = :account")
                .bind("account", owner.account())
                .fetch()
                .rowsUpdated());
        owner.poll(source);
        until(() -> hub.requests().size() == 2);

        assertThat(secret(1)).isEqualTo(secret);
        assertThat(owner.read(source, "/hub/until")).isNotEmpty();
    }

    @Test
    void refusalIsShown() {
        hub.all(request -> Receiver.Reply.of(500));
        var source = subscribe();
        until(() -> owner.read(source, "/hub/error").contains("500"));
        assertThat(verify(source, "denied", topic).code()).isEqualTo(200);
        assertThat(owner.read(source, "/hub/error")).contains("no");
    }

    @ParameterizedTest
    @CsvSource({"DELETE,", "PATCH, '{\"state\":\"paused\"}'"})
    void endedSourceWantsNoContent(String method, String body) {
        var source = subscribe();
        verify(source, "subscribe", topic);
        owner.send(HttpMethod.valueOf(method), Publisher.path(source), body);

        assertThat(distribute(source, sign("sha1", secret(0), "x"), "x").code()).isEqualTo(410);
        assertThat(verify(source, "subscribe", topic).code()).isEqualTo(404);
        assertThat(verify(source, "unsubscribe", topic).body()).isEqualTo("c-1");
    }
}
