package dev.freshet.identity.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSecurityContextJWKSet;
import com.nimbusds.jose.proc.JWKSecurityContext;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.problem.Problem;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/**
 * An OpenID Connect provider. It is contacted only when a user of it arrives, so one that is down affects no other
 * user, and works as soon as it is up.
 */
final class OidcProvider {

    private static final Logger log = LoggerFactory.getLogger(OidcProvider.class);
    private static final ParameterizedTypeReference<Map<String, Object>> JSON_OBJECT =
            new ParameterizedTypeReference<>() {};

    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REGISTRATION_TTL = Duration.ofHours(1);
    // While it is down, further users get the error without another request to it.
    private static final Duration FAILURE_TTL = Duration.ofSeconds(2);

    // Asymmetric signatures only: with a shared secret, the public key could pass for it.
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    // The types that many providers use for access tokens, and the type of RFC 9068.
    private static final List<String> TYPES = List.of("JWT", "at+jwt", "application/at+jwt");

    private final String name;
    private final OidcSettings.Provider settings;
    private final WebClient client;
    private final Mono<ClientRegistration> registration;
    private final ProviderKeys keys;
    private final @Nullable ReactiveJwtDecoder accessTokens;

    OidcProvider(String name, OidcSettings.Provider settings, WebClient client) {
        this.name = name;
        this.settings = settings;
        this.client = client;
        this.registration =
                Mono.defer(this::discover).cache(found -> REGISTRATION_TTL, failed -> FAILURE_TTL, () -> FAILURE_TTL);
        this.keys = new ProviderKeys(
                registration.flatMap(found -> read(found.getProviderDetails().getJwkSetUri())), InstantSource.system());
        this.accessTokens = settings.audience() == null
                ? null
                : decoder(List.of(
                        new JwtIssuerValidator(settings.issuerUri()), new JwtAudienceValidator(settings.audience())));
    }

    /** Returns its name in addresses. */
    String name() {
        return name;
    }

    /** Returns its label on pages. */
    String label() {
        return Objects.requireNonNullElse(settings.label(), name);
    }

    String issuer() {
        return settings.issuerUri();
    }

    /** Returns whether browsers can sign in through it. */
    boolean isForBrowsers() {
        return settings.clientId() != null;
    }

    /** Returns the client registration; fails with {@link Problem#UNAVAILABLE} while the provider cannot be reached. */
    Mono<ClientRegistration> registration() {
        return registration;
    }

    /** Returns the decoder of access tokens; empty where none are accepted. */
    Mono<Jwt> check(String accessToken) {
        return accessTokens == null ? Mono.empty() : accessTokens.decode(accessToken);
    }

    /** Verifies an ID token. */
    ReactiveJwtDecoder idTokens(ClientRegistration here) {
        return decoder(List.of(new OidcIdTokenValidator(here)));
    }

    /** Returns the role for these claims; empty where the provider does not decide it. */
    Optional<Role> role(Map<String, Object> claims) {
        if (settings.roles().isEmpty()) {
            return Optional.empty();
        }
        var theirs = values(claims, settings.roleClaim());
        return Optional.of(settings.roles().entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(theirs::contains))
                .map(Map.Entry::getKey)
                .max(Comparator.naturalOrder())
                .orElse(settings.newcomers()));
    }

    /** Returns the role of a new account. */
    Role newcomer(Map<String, Object> claims) {
        return role(claims).orElse(settings.newcomers());
    }

    /** Returns the scopes that a token with these claims grants at most. */
    Set<Scope> scopes(Map<String, Object> claims) {
        if (settings.scopes().isEmpty()) {
            return EnumSet.allOf(Scope.class);
        }
        var theirs = values(claims, settings.scopeClaim());
        return settings.scopes().entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(theirs::contains))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    /** Returns a name for an account from the claims; may be empty. */
    String nickname(Map<String, Object> claims) {
        return Stream.of(settings.nameClaim(), "preferred_username", "nickname", "name", "email")
                .map(claims::get)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst()
                .orElse("");
    }

    private static Set<String> values(Map<String, Object> claims, String path) {
        var value = value(claims, path);
        if (value instanceof String text) {
            return new HashSet<>(Arrays.asList(text.split(" ", -1)));
        }
        return value instanceof Collection<?> many
                ? many.stream().map(String::valueOf).collect(Collectors.toSet())
                : Set.of();
    }

    private static @Nullable Object value(Map<String, Object> claims, String path) {
        // Some claims are named by a URL.
        if (claims.containsKey(path)) {
            return claims.get(path);
        }
        Object value = claims;
        for (var part : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> object ? object.get(part) : null;
        }
        return value;
    }

    private ReactiveJwtDecoder decoder(List<OAuth2TokenValidator<Jwt>> validators) {
        var decoder = NimbusReactiveJwtDecoder.withJwkSource(
                        jwt -> keys.of(jwt.getHeader()).flatMapIterable(set -> List.<JWK>copyOf(set.getKeys())))
                .jwtProcessorCustomizer(processor -> processor.setJWSKeySelector(
                        new JWSVerificationKeySelector<JWKSecurityContext>(ALGORITHMS, new JWKSecurityContextJWKSet())))
                .build();
        var time = new JwtTimestampValidator();
        time.setAllowEmptyExpiryClaim(false);
        var type = new JwtTypeValidator(TYPES);
        type.setAllowEmpty(true);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                Stream.concat(validators.stream(), Stream.<OAuth2TokenValidator<Jwt>>of(time, type))
                        .toList()));
        return decoder;
    }

    private Mono<ClientRegistration> discover() {
        return client.get()
                .uri(URI.create(settings.issuerUri().replaceAll("/$", "") + "/.well-known/openid-configuration"))
                .retrieve()
                .bodyToMono(JSON_OBJECT)
                .timeout(RESPONSE_TIMEOUT)
                .map(this::registration)
                .onErrorMap(this::unavailable);
    }

    private ClientRegistration registration(Map<String, Object> configuration) {
        if (!settings.issuerUri().equals(configuration.get("issuer"))) {
            throw new IllegalStateException("it calls itself " + configuration.get("issuer"));
        }
        var scopes = new LinkedHashSet<String>();
        scopes.add(OidcScopes.OPENID);
        scopes.addAll(settings.request());
        var found = ClientRegistrations.fromOidcConfiguration(configuration)
                .registrationId(name)
                .clientName(label())
                .clientId(Objects.requireNonNullElse(settings.clientId(), "none"))
                .scope(scopes);
        return (settings.clientSecret() == null
                        ? found.clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                        : found.clientSecret(settings.clientSecret()))
                .build();
    }

    private Mono<JWKSet> read(@Nullable String address) {
        return client.get()
                .uri(URI.create(Objects.requireNonNull(address)))
                .header(HttpHeaders.ACCEPT, "application/json", "application/jwk-set+json")
                .retrieve()
                .bodyToMono(String.class)
                .timeout(RESPONSE_TIMEOUT)
                .<JWKSet>handle((text, sink) -> {
                    try {
                        sink.next(JWKSet.parse(text));
                    } catch (ParseException e) {
                        sink.error(e);
                    }
                })
                .onErrorMap(this::unavailable);
    }

    private RuntimeException unavailable(Throwable error) {
        log.warn("The provider {} at {} does not respond: {}", name, settings.issuerUri(), error.toString());
        return Problem.UNAVAILABLE.because("The provider " + name + " of your account does not respond. Retry later.");
    }
}
