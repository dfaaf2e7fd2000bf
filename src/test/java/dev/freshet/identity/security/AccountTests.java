package dev.freshet.identity.security;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.testing.CapturesOutput;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@CapturesOutput
class AccountTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String PASSWORD = "correct horse battery";
    private static final String SESSION = "/api/v1/session";
    private static final String RESETS = "/api/v1/password-resets";

    private static Freshet first;
    private static Freshet second;
    private static String admin;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        var settings = Map.of("freshet.samples", "false", "freshet.auth.sign-up", "true");
        first = Freshet.start(database, "", settings);
        second = Freshet.start(database, "", settings);
        var account = get(first.bean(FirstAccount.class).ensure());
        var issued = first.bean(Credentials.class)
                .issue(account.id(), CredentialType.TOKEN, "test", Scope.of(account.role()), null);
        admin = get(issued).secret().text();
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void issuedTokenIsValidAtEveryInstanceAndVerifiable() throws Exception {
        var name = account("author");
        var access = access(signIn(name));
        assertThat(write(second, access)).isEqualTo(201);
        var keys = JWKSet.parse(send(second, HttpMethod.GET, "/.well-known/jwks.json", null, null)
                .body());
        var token = SignedJWT.parse(access);
        var key = Objects.requireNonNull(keys.getKeyByKeyId(token.getHeader().getKeyID()));
        assertThat(key.isPrivate()).isFalse();
        assertThat(token.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
        assertThat(token.getHeader().getType()).hasToString("at+jwt");
        assertThat(token.getJWTClaimsSet().getExpirationTime().toInstant())
                .isBetween(Instant.now(), Instant.now().plusSeconds(901));
        var me = send(second, HttpMethod.GET, SESSION, access, null).json();
        assertThat(me.path("account").path("name").asString()).isEqualTo(name);
        assertThat(me.path("scope").asString()).isEqualTo("account articles:read articles:write");
    }

    @Test
    void wrongPasswordAndUnknownNameReturnTheSameError() {
        var name = account("author");
        var wrong = post(SESSION, signInAs(name, "wrong password"));
        var unknown = post(SESSION, signInAs("unknown " + name, "wrong password"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown).isEqualTo(wrong);
    }

    @Test
    void refreshTokenIsValidOnceAndReuseEndsTheSession() {
        var session = signIn(account("author"));
        var renewed = renew(first, session);
        var third = renew(second, renewed);
        assertThat(write(first, access(third))).isEqualTo(201);
        // A used refresh token, such as a stolen one.
        assertThat(renew(first, session).status()).isEqualTo(401);
        assertThat(renew(first, third).status()).isEqualTo(401);
        assertSoonRefused(first, access(third));
        assertSoonRefused(second, access(third));
    }

    @Test
    void signOutIsEffectiveAtEveryInstance() {
        var session = signIn(account("author"));
        assertThat(send(first, HttpMethod.DELETE, SESSION, access(session), null)
                        .status())
                .isEqualTo(204);
        assertSoonRefused(second, access(session));
        assertThat(renew(second, session).status()).isEqualTo(401);
    }

    @Test
    void apiTokenIsShownOnceAndLimitedToItsScopes() {
        var access = access(signIn(account("author")));
        var made =
                send(first, HttpMethod.POST, "/api/v1/tokens", access, "{'name': 'ci', 'scopes': ['articles:write']}");
        assertThat(made.status()).isEqualTo(201);
        var token = made.text("token");
        assertThat(write(second, token)).isEqualTo(201);
        assertThat(send(second, HttpMethod.GET, "/api/v1/tokens", token, null).status())
                .isEqualTo(403);
        assertThat(send(second, HttpMethod.GET, "/api/v1/tokens", access, null).body())
                .doesNotContain(token)
                .contains("\"ci\"", "usedAt");
        assertThat(get(first.bean(DatabaseClient.class)
                        .sql("select count(*) from credential c where c::text like '%' || :token || '%'")
                        .bind("token", token)
                        .mapValue(Long.class)
                        .one()))
                .isZero();
        var path = "/api/v1/tokens/" + made.text("id");
        var stranger = access(signIn(account("author")));
        assertThat(send(first, HttpMethod.DELETE, path, stranger, null).status())
                .isEqualTo(404);
        assertThat(send(first, HttpMethod.DELETE, path, access, null).status()).isEqualTo(204);
        assertSoonRefused(first, token);
        assertSoonRefused(second, token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name': 'x', 'scopes': ['ops']}",
                "{'name': 'x', 'scopes': ['nonsense']}",
                "{'name': 'x', 'scopes': []}",
                "{'name': '', 'scopes': ['articles:write']}",
                "{'name': 'x', 'scopes': ['articles:write'], 'expiresAt': '2020-01-01T00:00:00Z'}",
                "{'name': 'x', 'scopes': ['articles:write'], 'expiresAt': 'soon'}",
                "{'name': 'x\\u0000', 'scopes': ['articles:write']}",
            })
    void invalidTokenRequestIsRefused(String wanted) {
        var access = access(signIn(account("author")));
        assertThat(send(first, HttpMethod.POST, "/api/v1/tokens", access, wanted)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void roleChangeAppliesSoonAtAllInstances() {
        var session = signIn(account("reader"));
        assertThat(write(first, access(session))).isEqualTo(403);
        assertThat(write(second, access(session))).isEqualTo(403);
        var path = "/api/v1/accounts/" + idOf(session);
        assertThat(send(first, HttpMethod.PATCH, path, admin, "{'role': 'author'}")
                        .status())
                .isEqualTo(200);
        var renewed = access(renew(second, session));
        assertThat(write(first, renewed)).isEqualTo(201);
        assertSoonReturns(201, second, renewed);
        send(first, HttpMethod.PATCH, path, admin, "{'role': 'reader'}");
        assertThat(write(first, renewed)).isEqualTo(403);
        assertSoonReturns(403, second, renewed);
    }

    @Test
    void closedAccountHasNoAccessAndItsArticlesStay() {
        var name = account("author");
        var session = signIn(name);
        assertThat(write(first, access(session))).isEqualTo(201);
        var id = idOf(session);
        var path = "/api/v1/accounts/" + id;
        assertThat(send(first, HttpMethod.DELETE, path, admin, null).status()).isEqualTo(204);
        assertThat(write(first, access(session))).isEqualTo(401);
        assertThat(write(second, access(session))).isEqualTo(401);
        assertThat(renew(second, session).status()).isEqualTo(401);
        assertThat(signIn(name).status()).isEqualTo(401);
        assertThat(send(first, HttpMethod.GET, path, admin, null).status()).isEqualTo(404);
        assertThat(get(first.bean(DatabaseClient.class)
                        .sql("select count(*) from article where owner = cast(:id as uuid)")
                        .bind("id", id)
                        .mapValue(Long.class)
                        .one()))
                .isOne();
    }

    @Test
    void lastAdminCannotBeRemoved() {
        var me = "/api/v1/accounts/"
                + get(first.bean(FirstAccount.class).ensure()).id();
        assertThat(send(first, HttpMethod.DELETE, me, admin, null).status()).isEqualTo(409);
        assertThat(send(first, HttpMethod.PATCH, me, admin, "{'role': 'reader'}")
                        .status())
                .isEqualTo(409);
        assertThat(send(first, HttpMethod.PATCH, me, admin, "{'disabled': true}")
                        .status())
                .isEqualTo(409);
        assertThat(send(first, HttpMethod.PATCH, me, admin, "{'role': 'admin'}").status())
                .isEqualTo(200);
    }

    @Test
    void disabledAccountIsRefusedUntilEnabledAndSignedIn() {
        var name = account("author");
        var session = signIn(name);
        var token = send(
                        first,
                        HttpMethod.POST,
                        "/api/v1/tokens",
                        access(session),
                        "{'name': 'ci', 'scopes': ['articles:write']}")
                .text("token");
        var path = "/api/v1/accounts/" + idOf(session);
        assertThat(write(second, token)).isEqualTo(201);
        assertThat(send(first, HttpMethod.PATCH, path, admin, "{'disabled': true}")
                        .text("disabledAt"))
                .isNotEmpty();
        assertThat(write(first, access(session))).isEqualTo(401);
        assertSoonRefused(second, token);
        assertThat(renew(second, session).status()).isEqualTo(401);
        assertThat(signIn(name)).isEqualTo(post(SESSION, signInAs("unknown " + name, PASSWORD)));
        assertThat(send(first, HttpMethod.GET, path, admin, null).text("role")).isEqualTo("author");
        assertThat(send(first, HttpMethod.PATCH, path, admin, "{'disabled': false}")
                        .text("disabledAt"))
                .isEmpty();
        assertSoonRefused(second, token);
        assertThat(renew(second, session).status()).isEqualTo(401);
        assertThat(write(second, access(signIn(name)))).isEqualTo(201);
    }

    @Test
    void emailAddressIsUniqueAndOnlyAdminsChangeIt() {
        var taken = "a%d@example.org".formatted(NAMES.get() + 1);
        account("reader");
        var name = account("reader");
        var path = "/api/v1/accounts/" + idOf(signIn(name));
        assertThat(send(
                                first,
                                HttpMethod.PATCH,
                                path,
                                admin,
                                "{'email': '%s'}".formatted(taken.toUpperCase(Locale.ROOT)))
                        .status())
                .isEqualTo(409);
        assertThat(send(first, HttpMethod.PATCH, path, admin, "{'email': 'nowhere'}")
                        .status())
                .isEqualTo(400);
        assertThat(send(first, HttpMethod.PATCH, path, admin, "{'email': 'new-%s'}".formatted(taken))
                        .text("email"))
                .isEqualTo("new-" + taken);
        assertThat(signIn("new-" + taken).status()).isEqualTo(200);
        assertThat(send(first, HttpMethod.PATCH, path, admin, "{'email': ''}").text("email"))
                .isEmpty();
        assertThat(signIn("new-" + taken).status()).isEqualTo(401);
    }

    @Test
    void sessionOfAnotherDeviceCanBeEnded() {
        var name = account("author");
        var here = access(signIn(name));
        var phone = access(signIn(name));
        var third = access(signIn(name));
        var path = "/api/v1/account/sessions";
        var sessions = send(second, HttpMethod.GET, path, here, null).json().path("items");
        assertThat(sessions.size()).isEqualTo(3);
        assertThat(sessions.get(2).path("current").asBoolean()).isTrue();
        var lost = path + "/" + sessions.get(1).path("id").asString();
        var stranger = access(signIn(account("author")));
        assertThat(send(first, HttpMethod.DELETE, lost, stranger, null).status())
                .isEqualTo(404);
        assertThat(send(first, HttpMethod.DELETE, lost, here, null).status()).isEqualTo(204);
        assertSoonRefused(second, phone);
        assertThat(write(second, third)).isEqualTo(201);
        assertThat(send(first, HttpMethod.DELETE, path, here, null).status()).isEqualTo(204);
        assertSoonRefused(second, third);
        assertThat(write(second, here)).isEqualTo(201);
        assertThat(write(second, stranger)).isEqualTo(201);
    }

    @Test
    void weakHashIsUpgradedAtSignIn() {
        var name = account("author");
        var id = idOf(signIn(name));
        var weak = new Argon2PasswordEncoder(16, 32, 1, 32, 1).encode(PASSWORD);
        get(first.bean(DatabaseClient.class)
                .sql("update password set hash = :hash where account = cast(:id as uuid)")
                .bind("hash", weak)
                .bind("id", id)
                .fetch()
                .rowsUpdated());
        assertThat(signIn(name).status()).isEqualTo(200);
        assertThat(hash(id)).startsWith("$argon2id$").isNotEqualTo(weak);
        assertThat(signIn(name).status()).isEqualTo(200);
    }

    private static String hash(String account) {
        return get(first.bean(DatabaseClient.class)
                .sql("select hash from password where account = cast(:id as uuid)")
                .bind("id", account)
                .mapValue(String.class)
                .one());
    }

    @Test
    void newPasswordEndsAllOtherSessions() {
        var name = account("author");
        var here = access(signIn(name));
        var there = access(signIn(name));
        var path = "/api/v1/account/password";
        var change = "{'current': '%s', 'password': 'another long one'}";
        assertThat(send(first, HttpMethod.PUT, path, here, change.formatted("wrong one"))
                        .status())
                .isEqualTo(400);
        assertThat(send(first, HttpMethod.PUT, path, here, change.formatted(PASSWORD))
                        .status())
                .isEqualTo(204);
        assertSoonRefused(second, there);
        assertThat(write(second, here)).isEqualTo(201);
        assertThat(signIn(name).status()).isEqualTo(401);
        assertThat(post(SESSION, signInAs(name, "another long one")).status()).isEqualTo(200);
    }

    @Test
    void mailedResetTokenSetsThePasswordOnce(CapturedOutput output) {
        var name = account("author");
        assertThat(post(RESETS, "{'name': 'unknown'}").status()).isEqualTo(202);
        var token = mailedToken(name, output);
        var reset = "{'token': '" + token + "', 'password': '%s'}";
        assertThat(send(first, HttpMethod.PUT, RESETS, null, reset.formatted("short"))
                        .status())
                .isEqualTo(400);
        assertThat(send(first, HttpMethod.PUT, RESETS, null, reset.formatted("a new long one"))
                        .status())
                .isEqualTo(204);
        assertThat(send(first, HttpMethod.PUT, RESETS, null, reset.formatted("a third long one"))
                        .status())
                .isEqualTo(400);
        assertThat(post(SESSION, signInAs(name, "a new long one")).status()).isEqualTo(200);
    }

    @Test
    void guessingClientIsLimitedButTheOwnerIsNot() {
        var name = account("author");
        for (var i = 0; i < 5; i++) {
            assertThat(from("127.0.0.3", signInAs(name, "guess again")).status())
                    .isEqualTo(401);
        }
        var stopped = from("127.0.0.3", signInAs(name, PASSWORD));
        assertThat(stopped.status()).isEqualTo(429);
        assertThat(stopped.retryAfter()).isNotNull();
        assertThat(from("127.0.0.4", signInAs(name, PASSWORD)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name': '', 'password': 'long enough'}",
                "{'name': 'a@b', 'password': 'long enough'}",
                "{'name': 'x1', 'password': 'short'}",
                "{'name': 'somebody', 'password': 'I am Somebody'}",
                "{'name': 'x2', 'password': 'aaaaaaaaaaaa'}",
                "{'name': 'x6', 'password': 'TrustNo1'}",
                "{'name': 'x3'}",
                "{'name': 'x4', 'password': 'long enough', 'role': 'admin'}",
                "{'name': 'x5', 'password': 'long enough', 'email': 'nowhere'}",
                "{'name': {}}",
                "[]",
            })
    void invalidSignUpIsRefused(String wanted) {
        assertThat(send(second, HttpMethod.POST, "/api/v1/sign-up", null, wanted)
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name': 'x\\u0000', 'password': 'p'}",
                "{'name': 'x'}",
                "{'password': 'p'}",
                "{'name': 1, 'password': []}",
                "{}",
                "null",
                "{",
            })
    void invalidSignInIsRefused(String body) {
        assertThat(post(SESSION, body).status()).isEqualTo(400);
        assertThat(post(SESSION + "/refresh", body).status()).isEqualTo(400);
        assertThat(post(RESETS, body.replace("name", "other")).status()).isEqualTo(400);
    }

    @Test
    void listOfAccountsContinuesAfterAPage() {
        account("reader");
        var page = send(first, HttpMethod.GET, "/api/v1/accounts?limit=1", admin, null);
        var next = send(first, HttpMethod.GET, "/api/v1/accounts?limit=1&after=" + page.text("next"), admin, null);
        assertThat(next.json().path("items").get(0).path("name").asString()).isGreaterThan(page.text("next"));
        assertThat(first.client()
                        .get()
                        .uri(URI.create(first.url() + "/api/v1/accounts?after=%00"))
                        .headers(headers -> headers.setBearerAuth(admin))
                        .exchangeToMono(response -> response.releaseBody()
                                .thenReturn(response.statusCode().value()))
                        .block(TIMEOUT))
                .isEqualTo(400);
    }

    @Test
    void signUpCreatesAReader() {
        var wanted = signInAs("newcomer", PASSWORD);
        assertThat(post("/api/v1/sign-up", wanted).text("role")).isEqualTo("reader");
        assertThat(post("/api/v1/sign-up", wanted).status()).isEqualTo(409);
        assertThat(signIn("newcomer").status()).isEqualTo(200);
    }

    private record Reply(int status, @Nullable String retryAfter, String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        String text(String field) {
            return json().path(field).asString("");
        }
    }

    /** Makes an account of this role and gives its name. */
    private static String account(String role) {
        var name = "account " + NAMES.incrementAndGet();
        var wanted = "{'name': '%s', 'email': 'a%d@example.org', 'role': '%s', 'password': '%s'}"
                .formatted(name, NAMES.get(), role, PASSWORD);
        assertThat(send(first, HttpMethod.POST, "/api/v1/accounts", admin, wanted)
                        .status())
                .isEqualTo(201);
        return name;
    }

    private static Reply signIn(String name) {
        return post(SESSION, signInAs(name, PASSWORD));
    }

    private static String signInAs(String name, String password) {
        return "{'name': '" + name + "', 'password': '" + password + "'}";
    }

    private static String access(Reply session) {
        return session.text("accessToken");
    }

    private static Reply renew(Freshet instance, Reply session) {
        return send(
                instance,
                HttpMethod.POST,
                SESSION + "/refresh",
                null,
                "{'refreshToken': '" + session.text("refreshToken") + "'}");
    }

    private static String idOf(Reply session) {
        return send(first, HttpMethod.GET, SESSION, access(session), null)
                .json()
                .path("account")
                .path("id")
                .asString();
    }

    private static int write(Freshet instance, String token) {
        return send(instance, HttpMethod.POST, "/api/v1/articles", token, "{'title': 'T'}")
                .status();
    }

    private static void assertSoonRefused(Freshet instance, String token) {
        assertSoonReturns(401, instance, token);
    }

    /** Waits until a request to write returns a status. */
    private static void assertSoonReturns(int status, Freshet instance, String token) {
        var refused = Flux.interval(Duration.ofMillis(50))
                .onBackpressureDrop()
                .concatMap(tick ->
                        exchange(instance.client(), HttpMethod.POST, "/api/v1/articles", token, "{'title': 'T'}"))
                .filter(reply -> reply.status() == status)
                .blockFirst(TIMEOUT);
        assertThat(refused).isNotNull();
    }

    private static String mailedToken(String name, CapturedOutput output) {
        // Other instances of this JVM log mails too.
        var mail = Pattern.compile("(?s)password reset for " + Pattern.quote(name) + "\\..*?(frr_\\S+)");
        assertThat(post(RESETS, "{'name': '" + name + "'}").status()).isEqualTo(202);
        return Objects.requireNonNull(Flux.interval(Duration.ofMillis(20))
                .onBackpressureDrop()
                .mapNotNull(tick -> mail.matcher(output.getOut())
                        .results()
                        .findFirst()
                        .map(found -> found.group(1))
                        .orElse(null))
                .blockFirst(TIMEOUT));
    }

    private static Reply from(String address, String body) {
        var connector = new ReactorClientHttpConnector(
                HttpClient.create().bindAddress(() -> new InetSocketAddress(address, 0)));
        var client = WebClient.builder()
                .baseUrl(first.url())
                .clientConnector(connector)
                .build();
        return get(exchange(client, HttpMethod.POST, SESSION, null, body));
    }

    private static Reply post(String path, String body) {
        return send(first, HttpMethod.POST, path, null, body);
    }

    private static Reply send(
            Freshet instance, HttpMethod method, String path, @Nullable String token, @Nullable String body) {
        return get(exchange(instance.client(), method, path, token, body));
    }

    /** @param body JSON with single quotes */
    private static Mono<Reply> exchange(
            WebClient client, HttpMethod method, String path, @Nullable String token, @Nullable String body) {
        var request = client.method(method).uri(path).headers(headers -> {
            if (token != null) {
                headers.setBearerAuth(token);
            }
        });
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(body.replace('\'', '"'));
        }
        return request.exchangeToMono(response -> response.bodyToMono(String.class)
                .defaultIfEmpty("")
                .map(text -> new Reply(
                        response.statusCode().value(),
                        response.headers().asHttpHeaders().getFirst("Retry-After"),
                        text)));
    }
}
