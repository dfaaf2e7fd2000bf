package dev.freshet.identity.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSecurityContextJWKSet;
import com.nimbusds.jose.proc.JWKSecurityContext;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import dev.freshet.platform.problem.Problem;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
import reactor.core.scheduler.Schedulers;

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
    private final ClaimMapping claims;
    private final Mono<ClientRegistration> registration;
    private final ProviderKeys keys;
    private final @Nullable ReactiveJwtDecoder accessTokens;

    OidcProvider(String name, OidcSettings.Provider settings, WebClient client) {
        this.name = name;
        this.settings = settings;
        this.client = client;
        this.claims = new ClaimMapping(settings);
        this.registration =
                Mono.defer(this::discover).cache(found -> REGISTRATION_TTL, failed -> FAILURE_TTL, () -> FAILURE_TTL);
        this.keys = new ProviderKeys(
                registration.flatMap(found -> read(found.getProviderDetails().getJwkSetUri())),
                InstantSource.system(),
                Schedulers.parallel());
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

    /** Returns the rules for the claims of its tokens. */
    ClaimMapping claims() {
        return claims;
    }

    /** Verifies an access token; empty where none are accepted. */
    Mono<Jwt> verify(String accessToken) {
        return accessTokens == null ? Mono.empty() : accessTokens.decode(accessToken);
    }

    /** Returns the decoder of ID tokens for this registration. */
    ReactiveJwtDecoder idTokens(ClientRegistration registration) {
        return decoder(List.of(new OidcIdTokenValidator(registration)));
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
