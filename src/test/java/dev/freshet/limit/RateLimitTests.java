package dev.freshet.limit;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rate limits of clients behind a trusted proxy, at two instances that share a Redis. */
class RateLimitTests {

    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final String FEED = "/api/v1/articles";

    private static Freshet first;
    private static Freshet second;
    private static Freshet alone;
    private static Freshet cutOff;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        var settings = new HashMap<>(Map.of(
                "freshet.samples", "false",
                "freshet.limits.exempt", "",
                "freshet.limits.redis-timeout", "5s",
                "freshet.limits.sign-in-per-address", "4/1h",
                "freshet.limits.writes-per-address", "20/1h",
                "freshet.limits.writes-per-account", "7/1h",
                "freshet.limits.reads-per-address", "10/1h",
                "freshet.limits.streams-per-address", "3/1h"));
        alone = Freshet.start(database, "", settings);
        settings.put("freshet.limits.trusted-proxies", "127.0.0.0/8, ::1, 10.0.0.0/8");
        var redis = Stores.redis();
        first = Freshet.start(database, redis, settings);
        second = Freshet.start(database, redis, settings);
        settings.put("freshet.limits.proxy-header", "forwarded");
        cutOff = Freshet.start(database, "redis://localhost:1", settings);
    }

    @AfterAll
    static void stop() {
        cutOff.close();
        second.close();
        first.close();
        alone.close();
    }

    @Test
    void instancesShareTheBudgetOfAnAddress() {
        var client = client();
        var answers = Objects.requireNonNull(Flux.range(0, 60)
                .flatMap(number -> write(number % 2 == 0 ? first : second, client), 60)
                .map(answer -> answer.getStatusCode().value())
                .collectList()
                .block(TIMEOUT));
        // The limit applies before authentication, which refuses the permitted requests.
        assertThat(answers).filteredOn(status -> status == 401).hasSize(20);
        assertThat(answers).filteredOn(status -> status == 429).hasSize(40);
        assertThat(status(write(first, client()))).isEqualTo(401);
    }

    @Test
    void responseReportsRemainingQuotaAndResetTime() {
        var client = client();
        var answer = get(write(first, client));
        assertThat(answer.getHeaders().getFirst("RateLimit-Policy")).isEqualTo("\"writes-per-address\";q=20;w=3600");
        assertThat(answer.getHeaders().getFirst("RateLimit")).startsWith("\"writes-per-address\";r=19;t=");
        for (var i = 1; i < 20; i++) {
            get(write(first, client));
        }
        var refused = get(write(second, client));
        assertThat(refused.getStatusCode().value()).isEqualTo(429);
        assertThat(refused.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(refused.getBody())
                .contains(
                        "/problems/too-many-requests",
                        "Rate limit reached: 20 writes per 3600 s per address. Retry after ");
        assertThat(refused.getHeaders().getFirst("RateLimit")).startsWith("\"writes-per-address\";r=0;");
        // A budget of twenty regains one request in three minutes.
        assertThat(Integer.parseInt(String.valueOf(refused.getHeaders().getFirst("Retry-After"))))
                .isBetween(1, 180);
        assertThat(refused.getHeaders().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void accountIsCountedAcrossAddresses() {
        var id = UUID.randomUUID();
        first.bean(Accounts.class)
                .create(id, "busy", null, Role.AUTHOR.toString())
                .block(TIMEOUT);
        var token = Objects.requireNonNull(first.bean(Tokens.class)
                .issue(id, Scope.of(Role.AUTHOR), Duration.ofHours(1), UUID.randomUUID())
                .block(TIMEOUT));
        for (var i = 0; i < 7; i++) {
            assertThat(status(publish(i % 2 == 0 ? first : second, token))).isEqualTo(201);
        }
        var refused = get(publish(second, token));
        assertThat(refused.getStatusCode().value()).isEqualTo(429);
        assertThat(refused.getBody()).contains("per account. Retry after");
    }

    @Test
    void cachedPageIsCounted() {
        var client = client();
        for (var i = 0; i < 10; i++) {
            assertThat(status(read(first, client))).isEqualTo(200);
        }
        var refused = get(read(first, client));
        assertThat(refused.getStatusCode().value()).isEqualTo(429);
        assertThat(refused.getBody()).contains("/problems/too-many-requests");
        assertThat(refused.getHeaders().getFirst("Retry-After")).isNotNull();
        assertThat(status(read(first, client()))).isEqualTo(200);
        // A publicly cacheable page has no headers of one client until its budget is scarce.
        assertThat(get(read(first, client())).getHeaders().getFirst("RateLimit"))
                .isNull();
    }

    @Test
    void readsAtOneInstanceCountAtOtherInstances() {
        var client = client();
        for (var i = 0; i < 10; i++) {
            get(read(first, client));
        }
        // Settled once a second; the other one learns of it when it settles what it granted itself.
        var granted = Objects.requireNonNull(Flux.interval(Duration.ofSeconds(1))
                .onBackpressureDrop()
                .concatMap(tick -> read(second, client))
                .map(answer -> answer.getStatusCode().value())
                .takeUntil(status -> status == 429)
                .collectList()
                .block(TIMEOUT));
        assertThat(granted).hasSizeLessThan(10);
    }

    @Test
    void refusedEventSourceReceivesRetryTime() {
        var client = client();
        for (var i = 0; i < 3; i++) {
            assertThat(status(stream(first, client, MediaType.TEXT_EVENT_STREAM)))
                    .isEqualTo(200);
        }
        var refused = get(stream(second, client, MediaType.TEXT_EVENT_STREAM));
        assertThat(refused.getStatusCode().value()).isEqualTo(200);
        assertThat(refused.getBody()).contains("retry:", "event:closing", "too-many-requests");
        assertThat(refused.getHeaders().toSingleValueMap())
                .containsEntry("Cache-Control", "no-cache, no-transform")
                .containsEntry("X-Accel-Buffering", "no")
                .containsEntry("Incremental", "?1");
        assertThat(refused.getHeaders().getVary()).contains("Accept");
        assertThat(status(stream(second, client, MediaType.APPLICATION_NDJSON))).isEqualTo(429);
    }

    @Test
    void signInAttemptsAreLimitedAcrossNames() {
        var client = client();
        for (var i = 0; i < 4; i++) {
            assertThat(status(signIn(first, client, "nobody " + i))).isEqualTo(401);
        }
        assertThat(status(signIn(second, client, "nobody else"))).isEqualTo(429);
        assertThat(status(read(second, client))).isEqualTo(200);
    }

    @Test
    void untrustedProxyIsIgnored() {
        for (var i = 0; i < 20; i++) {
            assertThat(status(write(alone, client()))).isEqualTo(401);
        }
        assertThat(status(write(alone, client()))).isEqualTo(429);
    }

    @Test
    void forwardedAddressesBeforeTheLastProxyAreIgnored() {
        var client = client();
        for (var i = 0; i < 20; i++) {
            // Which another trusted proxy passes on.
            assertThat(status(write(first, client() + ", " + client + ", 10.1.2.3")))
                    .isEqualTo(401);
        }
        assertThat(status(write(first, client() + ", " + client))).isEqualTo(429);
        assertThat(status(write(first, "nonsense, " + client()))).isEqualTo(401);
    }

    @Test
    void instanceCountsAloneWithoutRedis() {
        var client = "for=" + client();
        for (var i = 0; i < 20; i++) {
            assertThat(status(forwarded(client))).isEqualTo(401);
        }
        assertThat(status(forwarded(client))).isEqualTo(429);
    }

    @Test
    void forwardedHeaderIsParsedPerRfc7239() {
        for (var i = 0; i < 10; i++) {
            assertThat(status(forwarded(
                            "For=\"[2001:db8::" + i + "]:47" + i + "\";proto=https;by=10.0.0.1, for=10.0.0.2")))
                    .isEqualTo(401);
            // An IPv6 network is one client. Addresses before the last untrusted one are ignored.
            assertThat(status(forwarded("for=\"198.51.100.1, for=x\"; host=\"a,b\", for=\"[2001:db8::a:" + i + "]\"")))
                    .isEqualTo(401);
        }
        assertThat(status(forwarded("for=\"[2001:db8::ffff]\""))).isEqualTo(429);
        assertThat(status(forwarded("for=\"[2001:db8:1::ffff]\""))).isEqualTo(401);
    }

    @Test
    void onlyTheConfiguredHeaderIsTrusted() {
        // These are all counted to the proxy.
        for (var i = 0; i < 5; i++) {
            assertThat(status(write(cutOff, client()))).isEqualTo(401);
            assertThat(status(forwarded("for=_hidden"))).isEqualTo(401);
            assertThat(status(forwarded("for=unknown;proto=http"))).isEqualTo(401);
            assertThat(status(forwarded("nonsense\"=;,for"))).isEqualTo(401);
        }
        assertThat(status(write(cutOff, client()))).isEqualTo(429);
    }

    @Test
    void signInFormCountsAsSignIn() {
        var client = client();
        for (var i = 0; i < 4; i++) {
            assertThat(status(form(client))).isNotEqualTo(429);
        }
        assertThat(status(form(client))).isEqualTo(429);
    }

    @Test
    void signInByGraphQlCountsAsSignIn() {
        var client = client();
        for (var i = 0; i < 4; i++) {
            assertThat(graphQl(client)).doesNotContain("429");
        }
        assertThat(graphQl(client)).contains("\"status\":429").contains("sign-in attempts per");
    }

    private static String graphQl(String client) {
        var document = "mutation { signIn(name: \\\"nobody\\\", password: \\\"wrong\\\") { scope } }";
        var body = "{\"query\": \"" + document + "\"}";
        return String.valueOf(get(send(first, HttpMethod.POST, "/graphql", Map.of("X-Forwarded-For", client), body))
                .getBody());
    }

    private static Mono<ResponseEntity<String>> form(String client) {
        return first.client()
                .post()
                .uri("/sign-in")
                .header("X-Forwarded-For", client)
                .header("Sec-Fetch-Site", "same-origin")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .bodyValue("name=nobody&password=wrong")
                .exchangeToMono(answer -> answer.toEntity(String.class));
    }

    private static Mono<ResponseEntity<String>> forwarded(String header) {
        return send(cutOff, HttpMethod.POST, FEED, Map.of("Forwarded", header), "{\"title\": \"T\"}");
    }

    /** Returns an unused address. */
    private static String client() {
        var number = CLIENTS.incrementAndGet();
        return "198.51." + number / 250 + "." + (number % 250 + 1);
    }

    private static Mono<ResponseEntity<String>> write(Freshet instance, String client) {
        return send(instance, HttpMethod.POST, FEED, Map.of("X-Forwarded-For", client), "{\"title\": \"T\"}");
    }

    private static Mono<ResponseEntity<String>> publish(Freshet instance, String token) {
        return send(
                instance,
                HttpMethod.POST,
                FEED,
                Map.of("X-Forwarded-For", client(), "Authorization", "Bearer " + token),
                "{\"title\": \"T\"}");
    }

    private static Mono<ResponseEntity<String>> signIn(Freshet instance, String client, String name) {
        return send(
                instance,
                HttpMethod.POST,
                "/api/v1/session",
                Map.of("X-Forwarded-For", client),
                "{\"name\": \"" + name + "\", \"password\": \"wrong\"}");
    }

    private static Mono<ResponseEntity<String>> read(Freshet instance, String client) {
        return send(instance, HttpMethod.GET, FEED, Map.of("X-Forwarded-For", client), "");
    }

    private static Mono<ResponseEntity<String>> stream(Freshet instance, String client, MediaType type) {
        return send(
                instance,
                HttpMethod.GET,
                FEED + "?follow=false&since=latest",
                Map.of("X-Forwarded-For", client, "Accept", type.toString()),
                "");
    }

    private static Mono<ResponseEntity<String>> send(
            Freshet instance, HttpMethod method, String path, Map<String, String> headers, String body) {
        var request = instance.client().method(method).uri(path).headers(all -> headers.forEach(all::set));
        if (!body.isEmpty()) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(body);
        }
        return request.exchangeToMono(answer -> answer.toEntity(String.class));
    }

    private static int status(Mono<ResponseEntity<String>> answer) {
        return get(answer).getStatusCode().value();
    }

    private static ResponseEntity<String> get(Mono<ResponseEntity<String>> answer) {
        return Objects.requireNonNull(answer.block(TIMEOUT));
    }
}
