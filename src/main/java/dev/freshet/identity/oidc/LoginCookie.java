package dev.freshet.identity.oidc;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.freshet.identity.credential.SigningKeys;
import dev.freshet.identity.signin.Cookies;
import dev.freshet.identity.signin.Destination;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.springframework.http.HttpCookie;
import org.springframework.security.oauth2.client.web.server.ServerAuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Stores the state of a sign-in through a provider (state, nonce, PKCE verifier) in a cookie, encrypted for a few
 * minutes by a key that all instances share. So the browser may return to any instance, and a started sign-in takes no
 * memory.
 */
@Component
final class LoginCookie implements ServerAuthorizationRequestRepository<OAuth2AuthorizationRequest> {

    /** The attribute of the exchange with the destination after signing in. */
    static final String NEXT = LoginCookie.class.getName() + ".next";

    private static final String NAME = "freshet-login";
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final byte[] PURPOSE = "freshet login cookie".getBytes(StandardCharsets.UTF_8);
    private static final Set<String> ATTRIBUTES =
            Set.of(OAuth2ParameterNames.REGISTRATION_ID, OidcParameterNames.NONCE, PkceParameterNames.CODE_VERIFIER);

    private final SigningKeys keys;

    LoginCookie(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    public Mono<Void> saveAuthorizationRequest(OAuth2AuthorizationRequest request, ServerWebExchange exchange) {
        var next = exchange.getRequest().getQueryParams().getFirst("next");
        return keys.current()
                .map(key -> encrypt(key, claims(request, Destination.of(next))))
                .doOnNext(text -> Cookies.set(exchange, NAME, text, LIFETIME))
                .then();
    }

    /** Reading it is the same as removing it. */
    @Override
    public Mono<OAuth2AuthorizationRequest> loadAuthorizationRequest(ServerWebExchange exchange) {
        return Mono.justOrEmpty(exchange.getRequest().getCookies().getFirst(Cookies.name(NAME, exchange.getRequest())))
                .map(HttpCookie::getValue)
                .flatMap(this::decrypt)
                .filter(claims -> isFor(claims, exchange))
                .doOnNext(claims -> exchange.getAttributes().put(NEXT, text(claims, "next")))
                .map(LoginCookie::request);
    }

    @Override
    public Mono<OAuth2AuthorizationRequest> removeAuthorizationRequest(ServerWebExchange exchange) {
        return loadAuthorizationRequest(exchange).doOnNext(request -> Cookies.set(exchange, NAME, "", Duration.ZERO));
    }

    private static JWTClaimsSet claims(OAuth2AuthorizationRequest request, String next) {
        var claims = new JWTClaimsSet.Builder()
                .expirationTime(Date.from(Instant.now().plus(LIFETIME)))
                .claim("next", next)
                .claim("state", request.getState())
                .claim("authorization", request.getAuthorizationUri())
                .claim("client", request.getClientId())
                .claim("redirect", request.getRedirectUri())
                .claim("scope", String.join(" ", request.getScopes()));
        ATTRIBUTES.forEach(name -> claims.claim(name, request.getAttribute(name)));
        return claims.build();
    }

    private static OAuth2AuthorizationRequest request(JWTClaimsSet claims) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .state(text(claims, "state"))
                .authorizationUri(text(claims, "authorization"))
                .clientId(text(claims, "client"))
                .redirectUri(text(claims, "redirect"))
                .scopes(new HashSet<>(Arrays.asList(text(claims, "scope").split(" ", -1))))
                .attributes(attributes -> attributes.putAll(attributes(claims)))
                .build();
    }

    private static Map<String, Object> attributes(JWTClaimsSet claims) {
        return ATTRIBUTES.stream()
                .filter(name -> claims.getClaim(name) != null)
                .collect(Collectors.toMap(name -> name, name -> text(claims, name)));
    }

    /** Returns whether it belongs to the provider that the browser returns from, and is recent. */
    private static boolean isFor(JWTClaimsSet claims, ServerWebExchange exchange) {
        return claims.getExpirationTime().toInstant().isAfter(Instant.now())
                && exchange.getRequest()
                        .getPath()
                        .value()
                        .endsWith("/" + text(claims, OAuth2ParameterNames.REGISTRATION_ID));
    }

    private static String text(JWTClaimsSet claims, String name) {
        return Objects.requireNonNull(claims.getClaim(name), name).toString();
    }

    private static String encrypt(ECKey key, JWTClaimsSet claims) {
        try {
            var header = new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                    .keyID(key.getKeyID())
                    .build();
            var jwt = new EncryptedJWT(header, claims);
            jwt.encrypt(new DirectEncrypter(secret(key)));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private Mono<JWTClaimsSet> decrypt(String text) {
        return keys.all().mapNotNull(all -> {
            try {
                var jwt = EncryptedJWT.parse(text);
                var id = jwt.getHeader().getKeyID();
                for (var key : all) {
                    if (key.getKeyID().equals(id)) {
                        jwt.decrypt(new DirectDecrypter(secret(key)));
                        return jwt.getJWTClaimsSet();
                    }
                }
                return null;
            } catch (ParseException | JOSEException e) {
                // Treated as absent: the browser has to start again.
                return null;
            }
        });
    }

    /** Derives a key for this purpose from a signing key. */
    private static SecretKey secret(ECKey key) {
        try {
            var parameters =
                    HKDFParameterSpec.ofExtract().addIKM(key.getD().decode()).thenExpand(PURPOSE, 32);
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java 25 has HKDF", e);
        }
    }
}
