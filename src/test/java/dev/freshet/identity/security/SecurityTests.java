package dev.freshet.identity.security;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.SignedJWT;
import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.identity.credential.IdentityChanges;
import dev.freshet.identity.credential.Revocations;
import dev.freshet.identity.credential.SigningKeys;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.CapturesOutput;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

@CapturesOutput
class SecurityTests {

    @TempDir
    private static Path folder;

    private static final List<Freshet> instances = new ArrayList<>();
    private static String database;
    private static Freshet first;
    private static Freshet second;
    private static Account editor;

    @BeforeAll
    static void start() {
        database = Stores.database();
        var settings = Map.of("freshet.data-dir", folder.resolve("data").toString(), "freshet.samples", "true");
        first = Freshet.start(database, "", settings);
        instances.add(first);
        second = Freshet.start(database, "", settings);
        instances.add(second);
        editor = Objects.requireNonNull(first.bean(FirstAccount.class).ensure().block(TIMEOUT));
    }

    @AfterAll
    static void stop() {
        instances.forEach(Freshet::close);
    }

    @Test
    void firstStartIssuesOneTokenForAllInstances() throws IOException {
        var file = folder.resolve("data").resolve("first-token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var token = Files.readString(file).strip();
        assertThat(post(first, token).getStatusCode().value()).isEqualTo(201);
        assertThat(post(second, token).getStatusCode().value()).isEqualTo(201);
        assertThat(editor.name()).isEqualTo("editor");
        assertThat(count("account where role = 'admin'")).isOne();
        assertThat(count("signing_key")).isOne();
    }

    @Test
    void firstTokenIsWrittenByOneOfManyInstances() {
        var accounts = first.bean(Accounts.class);
        assertThat(accounts.createFirst(UUID.randomUUID(), "late").block(TIMEOUT))
                .isZero();
    }

    @Test
    void startSucceedsWithAnUnwritableFolder() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        var instance = Freshet.start(
                Stores.database(),
                "",
                Map.of("freshet.data-dir", file.resolve("data").toString(), "freshet.samples", "false"));
        instances.add(instance);
        assertThat(instance.bean(FirstAccount.class).ensure().block(TIMEOUT)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"ops, 403", "articles:write, 201"})
    void requestRequiresTheScope(String scope, int expected) {
        var kind = scope.equals("ops") ? Scope.OPS : Scope.ARTICLES_WRITE;
        var reply = post(first, token(kind, Duration.ofMinutes(10)));
        assertThat(reply.getStatusCode().value()).isEqualTo(expected);
        if (expected >= 400) {
            assertThat(reply.getHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE))
                    .startsWith("Bearer");
            assertThat(reply.getHeaders().getContentType()).hasToString("application/problem+json");
        }
    }

    @Test
    void tokenRequiresExpiryIssuerAndAudience() {
        var key = Objects.requireNonNull(first.bean(SigningKeys.class).current().block(TIMEOUT));
        var now = Instant.now();
        var good = JwtClaimsSet.builder()
                .id(UUID.randomUUID().toString())
                .issuer(Tokens.ISSUER)
                .audience(List.of(Tokens.AUDIENCE))
                .subject(editor.id().toString())
                .issuedAt(now.minusSeconds(7200))
                .expiresAt(now.plusSeconds(60))
                .claim("client_id", Tokens.CLIENT)
                .claim(Tokens.SESSION, UUID.randomUUID().toString())
                .claim("scope", Scope.ARTICLES_WRITE.toString())
                .build();
        assertThat(post(first, sign(key, good)).getStatusCode().value()).isEqualTo(201);
        for (var bad : List.of(
                JwtClaimsSet.from(good).expiresAt(now.minusSeconds(3600)).build(),
                JwtClaimsSet.from(good).issuer("elsewhere").build(),
                JwtClaimsSet.from(good).audience(List.of("elsewhere")).build())) {
            assertThat(post(first, sign(key, bad)).getStatusCode().value()).isEqualTo(401);
        }
    }

    private static String sign(ECKey key, JwtClaimsSet claims) {
        var header = JwsHeader.with(SignatureAlgorithm.ES256)
                .keyId(key.getKeyID())
                .type(Tokens.TYPE)
                .build();
        return new NimbusJwtEncoder(new ImmutableJWKSet<SecurityContext>(new JWKSet(key)))
                .encode(JwtEncoderParameters.from(header, claims))
                .getTokenValue();
    }

    @Test
    void alteredAndUnsignedTokensAreRefused() {
        var good = token(Scope.ARTICLES_WRITE, Duration.ofHours(1));
        var parts = good.split("\\.", -1);
        var none = "eyJhbGciOiJub25lIn0." + parts[1] + ".";
        var altered = parts[0] + "." + parts[1] + "." + parts[2].substring(0, 20) + "AAAA" + parts[2].substring(24);
        for (var bad : List.of(none, altered, "nonsense", "a.b.c")) {
            assertThat(post(first, bad).getStatusCode().value()).as(bad).isEqualTo(401);
        }
    }

    @Test
    void tokenOfAClosedAccountIsRefused() {
        var token = Objects.requireNonNull(first.bean(Tokens.class)
                .issue(UUID.randomUUID(), Set.of(Scope.ARTICLES_WRITE), Duration.ofHours(1), UUID.randomUUID())
                .block(TIMEOUT));
        assertThat(post(first, token).getStatusCode().value()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"reader, 403", "author, 201"})
    void roleLimitsTheScopesOfAToken(String role, int expected) {
        var id = UUID.randomUUID();
        first.bean(Accounts.class).create(id, "a " + role, null, role).block(TIMEOUT);
        var token = first.bean(Tokens.class)
                .issue(id, Scope.of(Role.ADMIN), Duration.ofHours(1), UUID.randomUUID())
                .block(TIMEOUT);
        assertThat(post(second, Objects.requireNonNull(token)).getStatusCode().value())
                .isEqualTo(expected);
    }

    @Test
    void revokedTokenIsRefusedByEveryInstance() throws ParseException {
        var token = token(Scope.ARTICLES_WRITE, Duration.ofHours(1));
        assertThat(post(second, token).getStatusCode().value()).isEqualTo(201);
        var id = UUID.fromString(SignedJWT.parse(token).getJWTClaimsSet().getStringClaim(Tokens.SESSION));
        first.bean(Revocations.class)
                .revoke(List.of(id), Instant.now().plusSeconds(3600))
                .block(TIMEOUT);
        for (var instance : List.of(first, second)) {
            until(() -> instance.bean(IdentityChanges.class).isRevoked(id));
            assertThat(post(instance, token).getStatusCode().value()).isEqualTo(401);
        }
        var late = Freshet.start(database, "", Map.of());
        instances.add(late);
        assertThat(post(late, token).getStatusCode().value()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"/actuator/health, 200", "/actuator/info, 200", "/actuator/prometheus, 401", "/openapi, 200"})
    void operationalEndpointsRequireScopeOps(String path, int expected) {
        assertThat(exchange(first, HttpMethod.GET, path, "").getStatusCode().value())
                .isEqualTo(expected);
    }

    @Test
    void descriptionContainsArticlesAndTokens(CapturedOutput output) {
        assertThat(exchange(first, HttpMethod.GET, "/openapi", "").getBody())
                .as(() -> "Description; output: " + output)
                .contains("/api/v1/articles/{id}/publish", "\"bearer\"", "merge-patch+json");
    }

    @Test
    void metricsAreReadableWithScopeOps() {
        var token = token(Scope.OPS, Duration.ofHours(1));
        assertThat(exchange(first, HttpMethod.GET, "/actuator/prometheus", token)
                        .getStatusCode()
                        .value())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200",
        "GET, /api/v1/articles, 200",
        "GET, /api/v1/articles?format=atom, 200",
        "GET, /api/v1/articles?format=ndjson&follow=false&since=earliest, 200",
        "GET, /api/v1/articles?limit=0, 400",
        "GET, /api/v1/articles?format=nonsense, 400",
        "GET, /api/v1/feeds, 200",
        "GET, /openapi, 200",
        "GET, /problems/not-found, 200",
        "GET, /actuator/health, 200",
        "GET, /actuator/prometheus, 401",
        "GET, /articles/nothing, 404",
        "GET, /nothing, 404",
        "GET, /assets/a/b, 404",
        "GET, '/a;b', 400",
        "DELETE, /api/v1/feeds, 401",
        "PUT, /, 404",
        "POST, /api/v1/articles, 401",
        "POST, /api/v1/session, 400",
        "GET, /.well-known/jwks.json, 200",
    })
    void everyResponseHasSecurityHeaders(String method, String path, int status) {
        var answer = Objects.requireNonNull(first.client()
                .method(HttpMethod.valueOf(method))
                .uri(URI.create(first.url() + path))
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
        assertThat(answer.getStatusCode().value()).isEqualTo(status);
        var headers = answer.getHeaders();
        assertThat(headers.getFirst("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(headers.getFirst("X-Frame-Options")).isEqualTo("DENY");
        assertThat(headers.getFirst("Referrer-Policy")).isEqualTo("strict-origin-when-cross-origin");
        assertThat(headers.getFirst("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(headers.getFirst("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(headers.getFirst("Permissions-Policy")).contains("geolocation=()");
        assertThat(headers.getFirst("Access-Control-Allow-Origin")).isNull();
        // Pages and assets are for browsers.
        if (status >= 400 && !path.startsWith("/articles/") && !path.startsWith("/assets/")) {
            assertThat(headers.getContentType()).hasToString("application/problem+json");
        }
    }

    @Test
    void samplesAreLoadedOnce() {
        until(() -> count("article where origin like 'urn:freshet:sample:%' and status = 'published'") == 6);
        assertThat(count("feed_log join article on id = article_id where origin like 'urn:freshet:sample:%'"))
                .isEqualTo(6);
    }

    private static String token(Scope scope, Duration lifetime) {
        return Objects.requireNonNull(first.bean(Tokens.class)
                .issue(editor.id(), Set.of(scope), lifetime, UUID.randomUUID())
                .block(TIMEOUT));
    }

    private static long count(String sql) {
        return Objects.requireNonNull(first.bean(DatabaseClient.class)
                .sql("select count(*) from " + sql)
                .mapValue(Long.class)
                .one()
                .block(TIMEOUT));
    }

    private static ResponseEntity<String> post(Freshet instance, String token) {
        return exchange(instance, HttpMethod.POST, "/api/v1/articles", token);
    }

    private static ResponseEntity<String> exchange(Freshet instance, HttpMethod method, String path, String token) {
        var request = instance.client().method(method).uri(path).headers(headers -> {
            if (!token.isEmpty()) {
                headers.setBearerAuth(token);
            }
        });
        if (HttpMethod.POST.equals(method)) {
            request.header(HttpHeaders.CONTENT_TYPE, "application/json").bodyValue("{\"title\": \"T\"}");
        }
        return Objects.requireNonNull(request.exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
    }
}
