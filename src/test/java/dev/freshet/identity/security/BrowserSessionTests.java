package dev.freshet.identity.security;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Secret;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient.RequestBodySpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Session cookies over HTTP, at two instances. */
class BrowserSessionTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String PASSWORD = "correct horse battery";
    private static final String SESSION = "/api/v1/session";
    private static final String[] FROM_HERE = {"Sec-Fetch-Site", "same-origin"};

    private static Freshet first;
    private static Freshet second;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        // As behind a proxy that ends TLS.
        var settings = Map.of(
                "freshet.samples", "false",
                "freshet.auth.sign-up", "true",
                "server.forward-headers-strategy", "framework");
        first = Freshet.start(database, "", settings);
        second = Freshet.start(database, "", settings);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void plainCookieIsHostOnlyAndHiddenFromScripts() {
        var set = setCookie(signUp(), "freshet=");
        assertThat(set)
                .contains("; Path=/;", "; SameSite=Lax", "Max-Age=7776000")
                .containsIgnoringCase("; HttpOnly")
                .doesNotContain("Secure", "Domain");
        assertThat(setCookie(signUp(), "freshet-signed-in=")).startsWith("freshet-signed-in=1;");
    }

    @Test
    void tlsCookieHasTheHostPrefix() {
        var answer = signUp("X-Forwarded-Proto", "https");
        assertThat(setCookie(answer, "__Host-freshet="))
                .contains("; Path=/;", "; Secure", "; SameSite=Lax")
                .containsIgnoringCase("; HttpOnly")
                .doesNotContain("Domain");
        var cookie = cookie(answer, "__Host-freshet=");
        assertThat(send(first, HttpMethod.GET, SESSION, cookie, "X-Forwarded-Proto", "https")
                        .getStatusCode()
                        .value())
                .isEqualTo(200);
        // The cookie name of plain connections is ignored over TLS.
        assertThat(send(first, HttpMethod.GET, SESSION, cookie.replace("__Host-", ""), "X-Forwarded-Proto", "https")
                        .getStatusCode()
                        .value())
                .isEqualTo(401);
    }

    @Test
    void sessionIsValidAtEveryInstance() {
        var name = name();
        signUpAs(name);
        var answer = form(first, "/sign-in", Map.of("name", name, "password", PASSWORD, "next", "/?tag=a"), null);
        assertThat(answer.getStatusCode().value()).isEqualTo(303);
        assertThat(answer.getHeaders().getFirst(HttpHeaders.LOCATION)).isEqualTo("/?tag=a");
        assertThat(answer.getHeaders().getCacheControl()).contains("no-store");
        var cookie = cookie(answer, "freshet=");
        for (var instance : List.of(first, second)) {
            assertThat(send(instance, HttpMethod.GET, SESSION, cookie).getBody())
                    .contains("\"" + name + "\"");
        }
    }

    @Test
    void wrongPasswordIsReportedOnThePage() {
        var name = name();
        signUpAs(name);
        var answer = form(first, "/sign-in", Map.of("name", name, "password", "wrong password"), null);
        assertThat(answer.getStatusCode().value()).isEqualTo(401);
        assertThat(answer.getBody()).contains("The name or the password is wrong.", "value=\"" + name + "\"");
        assertThat(answer.getHeaders().get(HttpHeaders.SET_COOKIE)).isNull();
        assertThat(form(first, "/sign-in", Map.of("name", "", "password", ""), null)
                        .getStatusCode()
                        .value())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\tb"})
    void signInNeverRedirectsToAnotherSite(String next) {
        var name = name();
        signUpAs(name);
        var answer = form(first, "/sign-in", Map.of("name", name, "password", PASSWORD, "next", next), null);
        assertThat(answer.getHeaders().getFirst(HttpHeaders.LOCATION)).isEqualTo("/");
    }

    @Test
    void signOutIsEffectiveAtEveryInstance() {
        var cookie = cookie(signUp(), "freshet=");
        var answer = form(first, "/sign-out", Map.of(), cookie);
        assertThat(answer.getStatusCode().value()).isEqualTo(303);
        assertThat(setCookie(answer, "freshet=")).startsWith("freshet=;").contains("Max-Age=0");
        assertSoonRefused(cookie);
    }

    @Test
    void newSignInEndsThePreviousSession() {
        var name = name();
        var cookie = cookie(signUpAs(name), "freshet=");
        var next = cookie(form(second, "/sign-in", Map.of("name", name, "password", PASSWORD), cookie), "freshet=");
        assertThat(next).isNotEqualTo(cookie);
        assertSoonRefused(cookie);
        assertThat(status(first, next)).isEqualTo(200);
    }

    @Test
    void changedPasswordEndsTheOtherSessions() {
        var name = name();
        var here = cookie(signUpAs(name), "freshet=");
        var elsewhere = cookie(form(second, "/sign-in", Map.of("name", name, "password", PASSWORD), null), "freshet=");
        var changed = exchange(
                first,
                HttpMethod.PUT,
                "/api/v1/account/password",
                here,
                FROM_HERE,
                request -> request.contentType(MediaType.APPLICATION_JSON)
                        .bodyValue("{\"current\": \"" + PASSWORD + "\", \"password\": \"another long one\"}"));
        assertThat(changed.getStatusCode().value()).isEqualTo(204);
        assertSoonRefused(elsewhere);
        assertThat(status(second, here)).isEqualTo(200);
    }

    @Test
    void sessionEndsAfterIdleTimeAndAfterMaximumLifetime() {
        var idle = cookie(signUp(), "freshet=");
        sql("update credential set expires_at = now() - interval '1 second' where digest = :digest", idle);
        assertThat(status(second, idle)).isEqualTo(401);
        var old = cookie(signUp(), "freshet=");
        sql("update credential set created_at = now() - interval '89 days' where digest = :digest", old);
        assertThat(status(second, old)).isEqualTo(200);
        assertThat(JSON.readTree(send(second, HttpMethod.GET, SESSION, old).getBody())
                        .path("expiresAt")
                        .asString())
                .isLessThan(Instant.now().plus(Duration.ofHours(25)).toString());
        var oldest = cookie(signUp(), "freshet=");
        sql("update credential set created_at = now() - interval '91 days' where digest = :digest", oldest);
        assertThat(status(second, oldest)).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, same-origin, 201",
        "Sec-Fetch-Site, none, 201",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, cross-site, 403",
        "Origin, here, 201",
        "Origin, https://evil.example, 403",
        "Origin, null, 403",
        "X-Nothing, x, 403",
    })
    void crossSiteRequestIsRefused(String header, String value, int expected) {
        var cookie = cookie(signUp(), "freshet=");
        var answer = exchange(
                first,
                HttpMethod.POST,
                "/api/v1/stream-tickets",
                cookie,
                new String[] {header, value.equals("here") ? first.url() : value},
                request -> {});
        assertThat(answer.getStatusCode().value()).isEqualTo(expected);
        if (expected == 403) {
            assertThat(answer.getBody()).contains("/problems/cross-site");
        }
    }

    @Test
    void otherSiteCannotSignABrowserIn() {
        var name = name();
        signUpAs(name);
        var answer = exchange(
                first,
                HttpMethod.POST,
                "/sign-in",
                null,
                new String[] {"Sec-Fetch-Site", "cross-site"},
                request -> request.contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .bodyValue("name=" + name + "&password=" + PASSWORD));
        assertThat(answer.getStatusCode().value()).isEqualTo(403);
    }

    @Test
    void tokenOverridesTheCookie() {
        var cookie = cookie(signUp(), "freshet=");
        assertThat(send(first, HttpMethod.POST, "/api/v1/stream-tickets", cookie, "Authorization", "Bearer nonsense")
                        .getStatusCode()
                        .value())
                .isEqualTo(401);
        assertThat(send(first, HttpMethod.POST, "/api/v1/stream-tickets", cookie, "Authorization", "Basic eDp5")
                        .getStatusCode()
                        .value())
                .isEqualTo(401);
    }

    @Test
    void pagesAreTheSameForAllReaders() {
        var cookie = cookie(signUp(), "freshet=");
        var anonymous = send(first, HttpMethod.GET, "/", null);
        var signedIn = send(first, HttpMethod.GET, "/", cookie);
        assertThat(signedIn.getBody()).isEqualTo(anonymous.getBody());
        assertThat(signedIn.getHeaders().getETag())
                .isEqualTo(anonymous.getHeaders().getETag());
        assertThat(signedIn.getHeaders().get(HttpHeaders.SET_COOKIE)).isNull();
        var own = send(first, HttpMethod.GET, "/?following=true", cookie);
        assertThat(own.getStatusCode().value()).isEqualTo(200);
        assertThat(own.getHeaders().getCacheControl()).isEqualTo("private, no-store");
        assertThat(send(first, HttpMethod.GET, "/?following=true", null)
                        .getHeaders()
                        .getFirst(HttpHeaders.LOCATION))
                .isEqualTo("/sign-in?next=%2F%3Ffollowing%3Dtrue");
    }

    @Test
    void ticketOpensOneStreamAtAnyInstance() {
        var cookie = cookie(signUp(), "freshet=");
        var ticket = ticket(cookie);
        // A page leaves it as it is.
        assertThat(open(first, ticket, MediaType.APPLICATION_JSON)).isEqualTo(401);
        var opened = Flux.range(0, 8)
                .flatMap(number -> opening(number % 2 == 0 ? first : second, ticket, MediaType.APPLICATION_NDJSON))
                .collectList()
                .block(TIMEOUT);
        assertThat(opened).containsOnlyOnce(200).contains(401);
        assertThat(open(first, ticket, MediaType.APPLICATION_NDJSON)).isEqualTo(401);
        var late = ticket(cookie);
        sql("update credential set expires_at = now() - interval '1 second' where digest = :digest", "=" + late);
        assertThat(open(first, late, MediaType.APPLICATION_NDJSON)).isEqualTo(401);
    }

    @Test
    void streamOfATicketEndsWithItsSession() {
        var cookie = cookie(signUp(), "freshet=");
        var ends = second.client()
                .get()
                .uri("/api/v1/articles?following=true&announce=true&ticket=" + ticket(cookie))
                .accept(MediaType.APPLICATION_NDJSON)
                .retrieve()
                .bodyToFlux(String.class)
                .filter(line -> !line.isBlank())
                .map(JSON::readTree)
                .publishOn(Schedulers.boundedElastic())
                .doOnNext(event -> {
                    if (event.path("type").asString().equals("live")) {
                        form(first, "/sign-out", Map.of(), cookie);
                    }
                });
        var last = Objects.requireNonNull(ends.last().block(TIMEOUT));
        assertThat(last.path("reason").asString("")).isEqualTo("revoked");
        assertThat(open(second, ticketWithoutParent(), MediaType.APPLICATION_NDJSON))
                .isEqualTo(401);
    }

    @Test
    void eventSourceWithUsedTicket_receivesClosing() {
        var reply = first.get("/api/v1/articles?format=sse&following=true&ticket=" + ticketWithoutParent());
        assertThat(reply.code()).isEqualTo(200);
        assertThat(reply.body()).contains("retry:", "event:closing", "\"reason\":\"expired\"");
    }

    private static String ticketWithoutParent() {
        return Secret.create(CredentialType.TICKET).text();
    }

    private static String ticket(String cookie) {
        var answer = send(first, HttpMethod.POST, "/api/v1/stream-tickets", cookie, FROM_HERE);
        assertThat(answer.getStatusCode().value()).isEqualTo(201);
        return JSON.readTree(answer.getBody()).path("ticket").asString();
    }

    private static int open(Freshet instance, String ticket, MediaType type) {
        return Objects.requireNonNull(opening(instance, ticket, type).block(TIMEOUT));
    }

    private static Mono<Integer> opening(Freshet instance, String ticket, MediaType type) {
        return instance.client()
                .get()
                .uri("/api/v1/articles?following=true&follow=false&ticket=" + ticket)
                .accept(type)
                .exchangeToMono(response ->
                        response.releaseBody().thenReturn(response.statusCode().value()));
    }

    private static String name() {
        return "reader " + NAMES.incrementAndGet();
    }

    private static ResponseEntity<String> signUp(String... headers) {
        return signUpAs(name(), headers);
    }

    private static ResponseEntity<String> signUpAs(String name, String... headers) {
        var answer = form(first, "/sign-up", Map.of("name", name, "password", PASSWORD), null, headers);
        assertThat(answer.getStatusCode().value()).isEqualTo(303);
        return answer;
    }

    private static int status(Freshet instance, String cookie) {
        return send(instance, HttpMethod.GET, SESSION, cookie).getStatusCode().value();
    }

    private static void assertSoonRefused(String cookie) {
        for (var instance : List.of(first, second)) {
            until(() -> status(instance, cookie) == 401);
        }
    }

    private static void sql(String sql, String cookie) {
        var rows = first.bean(DatabaseClient.class)
                .sql(sql)
                .bind("digest", new Secret(cookie.substring(cookie.indexOf('=') + 1)).digest())
                .fetch()
                .rowsUpdated()
                .block(TIMEOUT);
        assertThat(rows).isOne();
    }

    private static String setCookie(ResponseEntity<String> answer, String prefix) {
        return Objects.requireNonNull(answer.getHeaders().get(HttpHeaders.SET_COOKIE)).stream()
                .filter(cookie -> cookie.startsWith(prefix))
                // The last one counts.
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    private static String cookie(ResponseEntity<String> answer, String prefix) {
        return setCookie(answer, prefix).split(";", 2)[0];
    }

    private static ResponseEntity<String> form(
            Freshet instance, String path, Map<String, String> fields, @Nullable String cookie, String... headers) {
        var all = new ArrayList<>(List.of(FROM_HERE));
        all.addAll(List.of(headers));
        return exchange(instance, HttpMethod.POST, path, cookie, all.toArray(String[]::new), request -> {
            var form = BodyInserters.fromFormData("sent", "true");
            fields.forEach(form::with);
            request.body(form);
        });
    }

    private static ResponseEntity<String> send(
            Freshet instance, HttpMethod method, String path, @Nullable String cookie, String... headers) {
        return exchange(instance, method, path, cookie, headers, request -> {});
    }

    private static ResponseEntity<String> exchange(
            Freshet instance,
            HttpMethod method,
            String path,
            @Nullable String cookie,
            String[] headers,
            Consumer<RequestBodySpec> body) {
        var request = instance.client().method(method).uri(path).headers(all -> {
            if (cookie != null) {
                all.set(HttpHeaders.COOKIE, cookie);
            }
            for (var i = 0; i < headers.length; i += 2) {
                all.set(headers[i], headers[i + 1]);
            }
        });
        body.accept(request);
        return Objects.requireNonNull(request.exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
    }
}
