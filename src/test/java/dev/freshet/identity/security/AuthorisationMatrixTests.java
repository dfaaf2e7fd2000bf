package dev.freshet.identity.security;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.IdentityChanges;
import dev.freshet.identity.credential.Revocations;
import dev.freshet.identity.credential.SigningKeys;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Routes;
import dev.freshet.testing.Stores;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** Checks every route for every kind of caller. */
@Order(1)
class AuthorisationMatrixTests {

    /** Callers that may use a route. */
    private enum Rule {
        /** Without a credential. An invalid token is refused anyway. */
        OPEN,
        SIGNED_IN,
        /** With the scope account. */
        OWN,
        /** With the scope articles:write. */
        WRITING,
        /** With that scope, for the owner of the article and for editors. */
        OWNING,
        /** With that scope, for editors. */
        EDITING,
        /** With the scope accounts:manage or ops. */
        ADMINISTRATION;

        boolean allows(CallerType caller) {
            return caller.isValid()
                    && switch (this) {
                        case OPEN -> true;
                        case SIGNED_IN -> caller != CallerType.ANONYMOUS;
                        case OWN -> caller != CallerType.ANONYMOUS && caller != CallerType.OTHER_SCOPE;
                        case WRITING -> caller.isAuthor() || caller == CallerType.EDITOR || caller == CallerType.ADMIN;
                        case OWNING ->
                            caller == CallerType.AUTHOR || caller == CallerType.EDITOR || caller == CallerType.ADMIN;
                        case EDITING -> caller == CallerType.EDITOR || caller == CallerType.ADMIN;
                        case ADMINISTRATION -> caller == CallerType.ADMIN;
                    };
        }
    }

    private enum CallerType {
        ANONYMOUS,
        READER,
        AUTHOR,
        OTHER_AUTHOR,
        EDITOR,
        ADMIN,
        /** An admin whose credential has only the scope articles:read. */
        OTHER_SCOPE,
        EXPIRED,
        WRONG_AUDIENCE,
        WRONG_ISSUER,
        WRONG_TYPE,
        REVOKED,
        DISABLED_ACCOUNT,
        ENDED_ACCOUNT;

        boolean isValid() {
            return compareTo(EXPIRED) < 0;
        }

        boolean isAuthor() {
            return this == AUTHOR || this == OTHER_AUTHOR;
        }
    }

    private static final Map<String, Rule> MATRIX = new TreeMap<>(Map.ofEntries(
            Map.entry("GET /", Rule.OPEN),
            Map.entry("GET /articles/{id}", Rule.OPEN),
            Map.entry("GET /articles/{id}/{slug}", Rule.OPEN),
            Map.entry("GET /assets/{hash}/{name}", Rule.OPEN),
            Map.entry("GET /sign-in", Rule.OPEN),
            Map.entry("POST /sign-in", Rule.OPEN),
            Map.entry("GET /sign-up", Rule.OPEN),
            Map.entry("POST /sign-out", Rule.OPEN),
            Map.entry("GET /account", Rule.OPEN),
            Map.entry("GET /problems/{slug}", Rule.OPEN),
            Map.entry("GET /graphql", Rule.OPEN),
            Map.entry("POST /graphql", Rule.OPEN),
            Map.entry("GET /graphql/schema", Rule.OPEN),
            Map.entry("GET /openapi", Rule.OPEN),
            Map.entry("GET /openapi.yaml", Rule.OPEN),
            Map.entry("GET /.well-known/jwks.json", Rule.OPEN),
            Map.entry("GET /.well-known/oauth-authorization-server", Rule.OPEN),
            Map.entry("POST /hub", Rule.OPEN),
            Map.entry("GET /websub/{id}", Rule.OPEN),
            Map.entry("POST /websub/{id}", Rule.OPEN),
            Map.entry("GET /api/v1/articles", Rule.OPEN),
            Map.entry("GET /api/v1/articles/{id}", Rule.OPEN),
            Map.entry("GET /api/v1/feeds", Rule.OPEN),
            Map.entry("POST /api/v1/articles", Rule.WRITING),
            Map.entry("POST /api/v1/imports", Rule.WRITING),
            Map.entry("PUT /api/v1/articles/{id}", Rule.OWNING),
            Map.entry("PATCH /api/v1/articles/{id}", Rule.OWNING),
            Map.entry("DELETE /api/v1/articles/{id}", Rule.OWNING),
            Map.entry("POST /api/v1/articles/{id}/publish", Rule.OWNING),
            Map.entry("PUT /api/v1/articles/{id}/owner", Rule.EDITING),
            Map.entry("POST /api/v1/session", Rule.OPEN),
            Map.entry("POST /api/v1/session/refresh", Rule.OPEN),
            Map.entry("GET /api/v1/session", Rule.SIGNED_IN),
            Map.entry("DELETE /api/v1/session", Rule.SIGNED_IN),
            Map.entry("POST /api/v1/stream-tickets", Rule.SIGNED_IN),
            Map.entry("POST /api/v1/password-resets", Rule.OPEN),
            Map.entry("PUT /api/v1/password-resets", Rule.OPEN),
            Map.entry("PUT /api/v1/account/password", Rule.OWN),
            Map.entry("GET /api/v1/account/sessions", Rule.OWN),
            Map.entry("DELETE /api/v1/account/sessions", Rule.OWN),
            Map.entry("DELETE /api/v1/account/sessions/{id}", Rule.OWN),
            Map.entry("GET /api/v1/tokens", Rule.OWN),
            Map.entry("POST /api/v1/tokens", Rule.OWN),
            Map.entry("DELETE /api/v1/tokens/{id}", Rule.OWN),
            Map.entry("GET /api/v1/following", Rule.OWN),
            Map.entry("PUT /api/v1/following/{kind}", Rule.OWN),
            Map.entry("DELETE /api/v1/following/{kind}", Rule.OWN),
            Map.entry("PUT /api/v1/following/{kind}/{name}", Rule.OWN),
            Map.entry("DELETE /api/v1/following/{kind}/{name}", Rule.OWN),
            Map.entry("GET /api/v1/following/opml", Rule.OWN),
            Map.entry("GET /api/v1/following/search", Rule.OWN),
            Map.entry("GET /api/v1/following/search/{name}", Rule.OWN),
            Map.entry("PUT /api/v1/following/search/{name}", Rule.OWN),
            Map.entry("DELETE /api/v1/following/search/{name}", Rule.OWN),
            Map.entry("POST /api/v1/following/search/{name}/address", Rule.OWN),
            Map.entry("DELETE /api/v1/following/search/{name}/address", Rule.OWN),
            Map.entry("GET /api/v1/searches/{address}", Rule.OPEN),
            Map.entry("GET /api/v1/muted", Rule.OWN),
            Map.entry("PUT /api/v1/muted/{kind}", Rule.OWN),
            Map.entry("DELETE /api/v1/muted/{kind}", Rule.OWN),
            Map.entry("PUT /api/v1/muted/{kind}/{name}", Rule.OWN),
            Map.entry("DELETE /api/v1/muted/{kind}/{name}", Rule.OWN),
            Map.entry("GET /api/v1/subscriptions", Rule.OWN),
            Map.entry("POST /api/v1/subscriptions", Rule.OWN),
            Map.entry("GET /api/v1/subscriptions/{id}", Rule.OWN),
            Map.entry("PATCH /api/v1/subscriptions/{id}", Rule.OWN),
            Map.entry("DELETE /api/v1/subscriptions/{id}", Rule.OWN),
            Map.entry("POST /api/v1/subscriptions/{id}/test", Rule.OWN),
            Map.entry("POST /api/v1/subscriptions/{id}/key", Rule.OWN),
            Map.entry("GET /api/v1/subscriptions/{id}/rejected", Rule.OWN),
            Map.entry("POST /api/v1/subscriptions/{id}/rejected/{cursor}", Rule.OWN),
            Map.entry("DELETE /api/v1/subscriptions/{id}/rejected/{cursor}", Rule.OWN),
            Map.entry("GET /api/v1/sources", Rule.WRITING),
            Map.entry("POST /api/v1/sources", Rule.WRITING),
            Map.entry("GET /api/v1/sources/{id}", Rule.WRITING),
            Map.entry("PATCH /api/v1/sources/{id}", Rule.WRITING),
            Map.entry("DELETE /api/v1/sources/{id}", Rule.WRITING),
            Map.entry("GET /api/v1/sources/{id}/polls", Rule.WRITING),
            Map.entry("GET /api/v1/accounts", Rule.ADMINISTRATION),
            Map.entry("POST /api/v1/accounts", Rule.ADMINISTRATION),
            Map.entry("GET /api/v1/accounts/{id}", Rule.ADMINISTRATION),
            Map.entry("PATCH /api/v1/accounts/{id}", Rule.ADMINISTRATION),
            Map.entry("DELETE /api/v1/accounts/{id}", Rule.ADMINISTRATION),
            Map.entry("POST /api/v1/images", Rule.WRITING),
            Map.entry("GET /images/{name}", Rule.OPEN),
            Map.entry("GET /api/v1/streams", Rule.ADMINISTRATION),
            Map.entry("DELETE /api/v1/streams/{id}", Rule.ADMINISTRATION),
            Map.entry("GET /actuator", Rule.ADMINISTRATION),
            Map.entry("GET /actuator/health", Rule.OPEN),
            Map.entry("GET /actuator/health/{*path}", Rule.OPEN),
            Map.entry("GET /actuator/info", Rule.OPEN),
            Map.entry("GET /actuator/prometheus", Rule.ADMINISTRATION),
            Map.entry("GET /actuator/feedlog", Rule.ADMINISTRATION),
            Map.entry("GET /actuator/sbom", Rule.ADMINISTRATION),
            Map.entry("GET /actuator/sbom/{id}", Rule.ADMINISTRATION),
            Map.entry("POST /actuator/feedlog", Rule.ADMINISTRATION)));

    // These responses depend on a setting and not on the caller's rights.
    private static final Set<String> BY_SETTING = Set.of("POST /api/v1/sign-up", "POST /sign-up");

    private static final Map<CallerType, UUID> ACCOUNTS = new EnumMap<>(CallerType.class);
    // Signing takes long. Requests that may end the session of their token get a new one.
    private static final Map<CallerType, String> TOKENS = new EnumMap<>(CallerType.class);
    private static Freshet instance;

    @BeforeAll
    static void start() {
        instance = Freshet.start(
                Stores.database(), "", Map.of("freshet.samples", "false", "freshet.syndication.own-hub", "true"));
        for (var caller : CallerType.values()) {
            if (caller != CallerType.ANONYMOUS) {
                ACCOUNTS.put(caller, instance.account("caller " + caller, role(caller)));
            }
        }
        get(instance.bean(Accounts.class).close(account(CallerType.ENDED_ACCOUNT)));
        get(instance.bean(Accounts.class)
                .change(account(CallerType.DISABLED_ACCOUNT), Role.ADMIN.toString(), null, true));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void everyRouteIsInTheMatrix() {
        var known = new TreeSet<>(MATRIX.keySet());
        known.addAll(BY_SETTING);
        assertThat(Routes.of(instance)).isEqualTo(known);
    }

    @Test
    void descriptionMarksOperationsThatRequireAToken() {
        var marked = new TreeMap<String, Rule>();
        var paths = instance.get("/openapi").json().path("paths");
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    var route = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                    var rule = MATRIX.getOrDefault(route, Rule.OPEN);
                    assertThat(operation.getValue().has("security")).as(route).isEqualTo(rule != Rule.OPEN);
                    marked.put(route, rule);
                }));
        assertThat(marked).containsKeys("POST /api/v1/imports", "GET /api/v1/streams", "GET /api/v1/articles");
    }

    @Test
    void headRequiresTheSameCredentialAsGet() {
        assertThat(status("HEAD /api/v1/session", CallerType.ANONYMOUS)).isEqualTo(401);
        assertThat(status("HEAD /api/v1/session", CallerType.READER)).isEqualTo(200);
    }

    @TestFactory
    Stream<DynamicTest> routeAdmitsTheCallersOfItsRule() {
        return MATRIX.entrySet().stream()
                .map(line -> DynamicTest.dynamicTest(line.getKey(), () -> {
                    for (var caller : CallerType.values()) {
                        var status = status(line.getKey(), caller);
                        var isRefused = !caller.isValid() || caller == CallerType.ANONYMOUS ? "401" : "403";
                        var expected = line.getValue().allows(caller) ? "served" : isRefused;
                        assertThat(status == 401 || status == 403 ? Integer.toString(status) : "served")
                                .as("%s as %s: %d", line.getKey(), caller, status)
                                .isEqualTo(expected);
                    }
                }));
    }

    private static int status(String route, CallerType caller) {
        var parts = route.split(" ", 2);
        var method = HttpMethod.valueOf(parts[0]);
        var path = parts[1].replace(
                        "{id}",
                        parts[1].contains("articles")
                                ? article().toString()
                                : UUID.randomUUID().toString())
                .replaceAll("\\{[^}]*}", "x");
        var request = instance.client().method(method).uri(path).headers(headers -> {
            headers.set("If-Match", "*");
            if (caller != CallerType.ANONYMOUS) {
                headers.setBearerAuth(token(caller));
            }
        });
        if (List.of("POST", "PUT", "PATCH").contains(method.name())) {
            request.contentType(
                            method.name().equals("PATCH") && path.contains("articles")
                                    ? MediaType.valueOf("application/merge-patch+json")
                                    : MediaType.APPLICATION_JSON)
                    .bodyValue("{\"title\": \"T\"}");
        }
        if (route.matches("(?!GET ).*(session|sign-out|password).*")) {
            TOKENS.remove(caller);
        }
        // Only permission counts: a sign-in without a name returns 400.
        return get(request.exchangeToMono(response ->
                response.releaseBody().thenReturn(response.statusCode().value())));
    }

    /** Publishes an article of the author, and returns its id. */
    private static UUID article() {
        var location = get(instance.client()
                .post()
                .uri("/api/v1/articles")
                .headers(headers -> headers.setBearerAuth(token(CallerType.AUTHOR)))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"title\": \"T\", \"status\": \"published\"}")
                .exchangeToMono(response -> response.releaseBody()
                        .thenReturn(Objects.requireNonNull(
                                response.headers().asHttpHeaders().getFirst("Location")))));
        return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
    }

    private static UUID account(CallerType caller) {
        return Objects.requireNonNull(ACCOUNTS.get(caller));
    }

    private static Role role(CallerType caller) {
        return switch (caller) {
            case ANONYMOUS, READER -> Role.READER;
            case AUTHOR, OTHER_AUTHOR -> Role.AUTHOR;
            case EDITOR -> Role.EDITOR;
            // With all rights, so that only the fault of the credential matters.
            default -> Role.ADMIN;
        };
    }

    private static String token(CallerType caller) {
        return TOKENS.computeIfAbsent(caller, AuthorisationMatrixTests::newToken);
    }

    private static String newToken(CallerType caller) {
        var now = Instant.now();
        Function<JwtClaimsSet.Builder, JwtClaimsSet.Builder> change = switch (caller) {
            case OTHER_SCOPE -> claims -> claims.claim("scope", Scope.ARTICLES_READ.toString());
            case EXPIRED -> claims -> claims.expiresAt(now.minusSeconds(600));
            case WRONG_AUDIENCE -> claims -> claims.audience(List.of("elsewhere"));
            case WRONG_ISSUER -> claims -> claims.issuer("https://elsewhere.example");
            default -> claims -> claims;
        };
        var session = UUID.randomUUID();
        var claims = change.apply(JwtClaimsSet.builder()
                        .id(UUID.randomUUID().toString())
                        .issuer(Tokens.ISSUER)
                        .audience(List.of(Tokens.AUDIENCE))
                        .subject(account(caller).toString())
                        .issuedAt(now.minusSeconds(3600))
                        .expiresAt(now.plusSeconds(3600))
                        .claim("client_id", Tokens.CLIENT)
                        .claim(Tokens.SESSION, session.toString())
                        .claim("scope", Tokens.text(Scope.of(Role.ADMIN))))
                .build();
        var key = get(instance.bean(SigningKeys.class).current());
        var header = JwsHeader.with(SignatureAlgorithm.ES256)
                .keyId(key.getKeyID())
                .type(caller == CallerType.WRONG_TYPE ? "JWT" : Tokens.TYPE)
                .build();
        if (caller == CallerType.REVOKED) {
            instance.bean(Revocations.class)
                    .revoke(List.of(session), now.plusSeconds(3600))
                    .block(TIMEOUT);
            instance.bean(IdentityChanges.class).read().block(TIMEOUT);
        }
        return new NimbusJwtEncoder(new ImmutableJWKSet<SecurityContext>(new JWKSet(key)))
                .encode(JwtEncoderParameters.from(header, claims))
                .getTokenValue();
    }
}
