package dev.freshet.identity.oidc;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.freshet.identity.account.Accounts;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokens of providers that the settings name, and of others. */
@Order(1)
class OidcTokenTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String STAFF = "freshet.oidc.providers.staff.";
    private static final String PARTNER = "freshet.oidc.providers.partner.";
    private static final String TURNING = "freshet.oidc.providers.turning.";
    private static final String LATE = "freshet.oidc.providers.late.";

    private static TestProvider provider;
    private static TestProvider late;
    private static Freshet first;
    private static Freshet second;

    @BeforeAll
    static void start() {
        provider = TestProvider.up();
        late = TestProvider.down();
        var settings = new LinkedHashMap<String, String>();
        settings.put("freshet.samples", "false");
        settings.put(STAFF + "issuer-uri", provider.issuer("staff"));
        settings.put(STAFF + "audience", TestProvider.AUDIENCE);
        settings.put(STAFF + "role-claim", "realm_access.roles");
        settings.put(STAFF + "roles.editor", "desk, night desk");
        settings.put(STAFF + "roles.admin", "chiefs");
        settings.put(STAFF + "roles.author", "writers");
        settings.put(PARTNER + "issuer-uri", provider.issuer("partner"));
        settings.put(PARTNER + "audience", TestProvider.AUDIENCE);
        settings.put(PARTNER + "newcomers", "author");
        settings.put(PARTNER + "scopes.articles-write", "publish");
        settings.put(TURNING + "issuer-uri", provider.issuer("turning"));
        settings.put(TURNING + "audience", TestProvider.AUDIENCE);
        settings.put(LATE + "issuer-uri", late.issuer("late"));
        settings.put(LATE + "audience", TestProvider.AUDIENCE);
        var database = Stores.database();
        first = Freshet.start(database, "", settings);
        second = Freshet.start(database, "", settings);
        // Reads the keys, for which a busy machine may need several attempts.
        for (var issuer : List.of("staff", "partner")) {
            var token = provider.token(issuer, "early", named("early"));
            until(() -> status(first, token) == 200 && status(second, token) == 200);
        }
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
        late.close();
        provider.close();
    }

    @Test
    void laterSignInsReuseTheFirstAccount() {
        var ann = provider.token("staff", "1", named("ann", "desk"));
        var me = session(first, ann);
        assertThat(me.path("account").path("name").asString()).isEqualTo("ann");
        assertThat(me.path("account").path("role").asString()).isEqualTo("editor");
        assertThat(me.path("scope").asString()).isEqualTo("account articles:read articles:write");
        assertThat(id(second, provider.token("staff", "1", named("renamed", "desk"))))
                .isEqualTo(id(first, ann));
    }

    @Test
    void nameAloneDoesNotLinkAnAccount() {
        var local = UUID.randomUUID();
        first.bean(Accounts.class)
                .create(local, "mallory", "mallory@example.org", "admin")
                .block(TIMEOUT);
        var claims = named("mallory@example.org", "desk");
        claims.put("email", "mallory@example.org");
        claims.put("email_verified", true);
        var staff = session(first, provider.token("staff", "m", claims));
        assertThat(staff.path("account").path("name").asString()).isEqualTo("mallory-2");
        var partner = session(first, provider.token("partner", "m", claims));
        assertThat(partner.path("account").path("name").asString()).isEqualTo("mallory-3");
    }

    @Test
    void concurrentFirstSignInsCreateOneAccount() {
        var ids = Flux.range(0, 16)
                .flatMap(number -> Mono.fromCallable(() -> provider.token("staff", "crowd", named("crowd", "desk")))
                        .flatMap(token ->
                                send(number % 2 == 0 ? first : second, HttpMethod.GET, "/api/v1/session", token)))
                .map(reply -> reply.json().path("account").path("id").asString())
                .distinct()
                .collectList()
                .block(TIMEOUT);
        assertThat(ids).hasSize(1).doesNotContain("");
    }

    @Test
    void roleFollowsTheLatestClaimOfTheProvider() {
        assertThat(write(first, provider.token("staff", "2", named("bo", "writers"))))
                .isEqualTo(201);
        assertThat(write(first, provider.token("staff", "2", named("bo", "cleaners"))))
                .isEqualTo(403);
        assertThat(role(second, provider.token("staff", "2", named("bo", "writers", "night desk"))))
                .isEqualTo("editor");
    }

    @Test
    void lastAdminStaysAdminDespiteProvider() {
        var chief = provider.token("staff", "chief", named("chief", "chiefs"));
        assertThat(role(first, chief)).isEqualTo("admin");
        first.bean(DatabaseClient.class)
                .sql("update account set role = 'reader' where name <> 'chief'")
                .then()
                .block(TIMEOUT);
        assertThat(role(second, provider.token("staff", "chief", named("chief"))))
                .isEqualTo("admin");
        assertThat(role(first, provider.token("staff", "heir", named("heir", "chiefs"))))
                .isEqualTo("admin");
        assertThat(role(first, provider.token("staff", "chief", named("chief"))))
                .isEqualTo("reader");
    }

    @Test
    void tokenAllowsItsScopesOnly() {
        var scoped = named("cy");
        scoped.put("scope", "openid publish");
        assertThat(write(first, provider.token("partner", "3", scoped))).isEqualTo(201);
        scoped.put("scope", "openid");
        assertThat(write(first, provider.token("partner", "3", scoped))).isEqualTo(403);
    }

    @Test
    void tokensOfOtherIssuersOrAudiencesAreRefused() throws Exception {
        var key = provider.key("staff");
        var claims = new JWTClaimsSet.Builder()
                .issuer(provider.issuer("staff"))
                .subject("0")
                .audience(TestProvider.AUDIENCE)
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build();
        var rs256 =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build();
        assertThat(status(signed(rs256, claims, key))).isEqualTo(200);
        var byPublicKey = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims);
        byPublicKey.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
        var byPublicKeyInDer = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).build(), claims);
        byPublicKeyInDer.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
        var endless = new JWTClaimsSet.Builder(claims).expirationTime(null).build();
        var withoutSubject = new JWTClaimsSet.Builder(claims).subject(null).build();
        var logout = new JWSHeader.Builder(rs256)
                .type(new JOSEObjectType("logout+jwt"))
                .build();
        var bad = Map.of(
                "for another audience", provider.token("staff", "0", "elsewhere", 600, Map.of()),
                "of an issuer that is not configured", provider.token("stranger", "1", Map.of()),
                "expired", provider.token("staff", "0", TestProvider.AUDIENCE, -3600, Map.of()),
                "not signed", new PlainJWT(claims).serialize(),
                "signed with the public key", byPublicKey.serialize(),
                "signed with the public key in DER", byPublicKeyInDer.serialize(),
                "signed with a key of another", signed(rs256, claims, late.key("late")),
                "without an end", signed(rs256, endless, key),
                "of another type", signed(logout, claims, key),
                "without a subject", signed(rs256, withoutSubject, key));
        bad.forEach((fault, token) -> assertThat(status(token)).as(fault).isEqualTo(401));
    }

    @Test
    void rotatedKeysAreAccepted() {
        var before = provider.token("turning", "4", named("di"));
        until(() -> status(before) == 200);
        provider.rotate("turning");
        var token = provider.token("turning", "4", named("di"));
        until(() -> status(token) == 200);
    }

    @Test
    void providerDownAtStartWorksOnceItIsUp() throws Exception {
        assertThat(status(provider.token("staff", "5", named("ed")))).isEqualTo(200);
        var token = signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256).build(),
                new JWTClaimsSet.Builder()
                        .issuer(late.issuer("late"))
                        .subject("1")
                        .audience(TestProvider.AUDIENCE)
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .build(),
                late.key("late"));
        assertThat(status(token)).isEqualTo(503);
        late.start();
        until(() -> status(token) == 200);
    }

    @Test
    void signOutIsEffectiveAtEveryInstance() {
        var claims = named("gil");
        claims.put("sid", "session-1");
        var token = provider.token("staff", "6", claims);
        assertThat(status(token)).isEqualTo(200);
        assertThat(get(send(second, HttpMethod.DELETE, "/api/v1/session", token))
                        .status())
                .isEqualTo(204);
        // Belongs to the same session.
        var other = provider.token("staff", "6", claims);
        until(() -> status(token) == 401 && status(other) == 401);
    }

    @Test
    void closedAccountStaysRefused() {
        var token = provider.token("staff", "7", named("hal"));
        var id = UUID.fromString(id(first, token));
        first.bean(Accounts.class).close(id).block(TIMEOUT);
        until(() -> status(token) == 401);
        assertThat(status(provider.token("staff", "7", named("hal again")))).isEqualTo(401);
    }

    @Test
    void passwordIsRefusedForAccountsOfAProvider() {
        var token = provider.token("staff", "8", named("ida"));
        var reply = get(first.client()
                .put()
                .uri("/api/v1/account/password")
                .headers(headers -> headers.setBearerAuth(token))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"password\": \"correct horse battery\"}")
                .exchangeToMono(response ->
                        response.releaseBody().thenReturn(response.statusCode().value())));
        assertThat(reply).isEqualTo(403);
    }

    private static Map<String, Object> named(String name, String... roles) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("preferred_username", name);
        claims.put("realm_access", Map.of("roles", List.of(roles)));
        return claims;
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, RSAKey key) throws Exception {
        var jwt = new SignedJWT(header, claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private record Reply(int status, String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    private static int status(String token) {
        return status(first, token);
    }

    private static int status(Freshet instance, String token) {
        return get(send(instance, HttpMethod.GET, "/api/v1/session", token)).status();
    }

    private static JsonNode session(Freshet instance, String token) {
        return get(send(instance, HttpMethod.GET, "/api/v1/session", token)).json();
    }

    private static String role(Freshet instance, String token) {
        return session(instance, token).path("account").path("role").asString();
    }

    private static String id(Freshet instance, String token) {
        return session(instance, token).path("account").path("id").asString();
    }

    private static int write(Freshet instance, String token) {
        return get(send(instance, HttpMethod.POST, "/api/v1/articles", token)).status();
    }

    private static Mono<Reply> send(Freshet instance, HttpMethod method, String path, String token) {
        var request = instance.client().method(method).uri(path).headers(headers -> headers.setBearerAuth(token));
        if (HttpMethod.POST.equals(method)) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue("{\"title\": \"T\"}");
        }
        return request.exchangeToMono(response -> response.bodyToMono(String.class)
                .defaultIfEmpty("")
                .map(body -> new Reply(response.statusCode().value(), body)));
    }
}
